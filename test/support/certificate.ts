import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

/** A certificate with its key, both PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * Makes a key and a certificate for a host name, valid for a day. Without an authority it signs itself, and can be
 * the authority of others.
 */
export function createCertificate(hostName: string, authority?: Certificate): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = commonName(hostName);
  const issuer = authority ? commonName(commonNameOf(authority)) : name;
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    issuer,
    sequence(time(Date.now() - 3_600_000), time(Date.now() + 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(namesExtension(hostName), authorityExtension(authority === undefined))),
  );
  const der = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, authority?.key ?? privateKey)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

function commonNameOf({ cert }: Certificate): string {
  return new X509Certificate(cert).subject.replace(/^CN=/, '');
}

// As much of DER as a certificate needs: a tag, a length, the content.

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => tagged(0x31, ...parts);
const identifier = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const integer = (value: Buffer): Buffer => tagged(0x02, value);
const text = (value: string): Buffer => tagged(0x0c, Buffer.from(value));
const bits = (value: Buffer): Buffer => tagged(0x03, Buffer.from([0]), value);
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

const commonName = (value: string): Buffer => sequence(set(sequence(identifier('550403'), text(value))));

/** subjectAltName: the host names that it is for. */
function namesExtension(hostName: string): Buffer {
  const names = sequence(tagged(0x82, Buffer.from(hostName)));
  return sequence(identifier('551d11'), tagged(0x04, names));
}

/** basicConstraints, critical: whether it may be trusted as an authority that signs others. */
function authorityExtension(isAuthority: boolean): Buffer {
  const yes = tagged(0x01, Buffer.from([0xff]));
  return sequence(identifier('551d13'), yes, tagged(0x04, isAuthority ? sequence(yes) : sequence()));
}
