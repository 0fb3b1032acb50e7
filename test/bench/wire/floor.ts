// The least that a listing can cost in Node: keep-alive http, a signature, JSON.parse. No retry, no deadline, no
// cancelling, no decoding, no care for rows that move. It makes the same number of requests at once as the product.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { firstInFlight, mostInFlight } from '../../../src/api/readPages';
import { contest, type Target } from './contest';
import { lookAtRaw, rawPageOf, rowsPerPage, type RawClient, type RawPage } from './rawPage';

const emptyHash = createHash('sha256').digest('hex');

contest<RawClient>((target, onPage) => {
  const agent = new Agent({ keepAlive: true });
  let inFlight = firstInFlight;
  let lastPage = 1;
  let nextPage = 1;
  let running = 0;
  return new Promise((resolve, reject) => {
    const start = (): void => {
      while (nextPage <= lastPage && running < inFlight) {
        running++;
        readPage(target, agent, nextPage++).then(arrived, reject);
      }
    };
    const arrived = ({ clients, total }: RawPage): void => {
      running--;
      inFlight = Math.min(mostInFlight, inFlight + 1);
      lastPage = Math.ceil(total / rowsPerPage);
      start();
      onPage(clients);
      if (running === 0) resolve();
    };
    start();
  });
}, lookAtRaw);

function readPage(target: Target, agent: Agent, pageNumber: number): Promise<RawPage> {
  const { host, hostname, port } = new URL(target.endpoint);
  const query = `ClientType=ECS_CLIENT&PageNumber=${pageNumber}&PageSize=${rowsPerPage}`;
  const options = {
    ...{ agent, hostname, port, method: 'POST', path: `/?${query}` },
    headers: signedHeaders(target, host, query),
  };
  return new Promise((resolve, reject) => {
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(rawPageOf(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    })
      .on('error', reject)
      .end();
  });
}

function signedHeaders(target: Target, host: string, query: string): Record<string, string> {
  // In the order of their names, as the signature wants them.
  const headers = {
    host,
    'x-acs-action': 'DescribeBackupClients',
    'x-acs-content-sha256': emptyHash,
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2017-09-08',
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', query, lines.join(''), names, emptyHash].join('\n');
  const signature = createHmac('sha256', target.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`)
    .digest('hex');
  const credential = `Credential=${target.accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  return { ...headers, accept: 'application/json', authorization: `ACS3-HMAC-SHA256 ${credential}` };
}
