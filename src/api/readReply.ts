import { STATUS_CODES } from 'node:http';
import { isRecord } from '../core/kernel/objects';
import { withoutSecret } from '../core/kernel/redact';
import { AttemptError } from './attemptError';
import { fates, type FailureKind } from './fates';
import type { ApiReply, ApiRequest } from './pipeline';
import { parseReplyJson, TooManyValuesError } from './replyJson';
import { serverTimeOf } from './serviceClocks';
import { kindOfServiceFailure, kindOfStatus } from './serviceFailures';

/** An answer as it came over the wire. */
export interface RawReply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
}

/** Codes with which the service says that all is well (official client); a missing code says so too. */
const successCodes: ReadonlySet<string> = new Set(['200', 'OK', 'Success', 'success']);

/** Service messages that may quote what was signed, the token included. They are never passed on. */
const quotesSecrets: ReadonlySet<FailureKind> = new Set(['key-rejected', 'token-rejected']);

/** The reply if the service did what was asked; throws the AttemptError that its code, status and text amount to. */
export function readReply(request: ApiRequest, raw: RawReply): ApiReply {
  if (raw.status >= 300 && raw.status < 400) {
    throw failureOf(
      request,
      raw,
      'redirected',
      'the endpoint answered with a redirect, which is not followed',
    );
  }
  // Only a proxy says so; VS Code passes on what it answered in the place of a tunnel.
  if (raw.status === 407) {
    throw failureOf(request, raw, 'proxy-refused', 'the proxy asks for a user name and password');
  }
  const body = parse(raw.text);
  if (body === 'too-many-values') {
    throw failureOf(request, raw, 'reply-too-large', 'the reply has more or deeper values than any page');
  }
  if (body === undefined) {
    const kind = raw.status === 429 || raw.status >= 500 ? kindOfStatus(raw.status) : 'unreadable-reply';
    throw failureOf(request, raw, kind, `the reply ${lookOf(raw.text)}`);
  }
  const code = textIn(body, 'Code');
  const success = body['Success'] ?? body['success'];
  const ok =
    raw.status < 300 && String(success).toLowerCase() !== 'false' && (code === '' || successCodes.has(code));
  if (!ok) throw serviceFailure(request, raw, body, code);
  return { status: raw.status, header: raw.header, body, requestId: requestIdOf(raw, body) };
}

function serviceFailure(request: ApiRequest, raw: RawReply, body: Body, code: string): AttemptError {
  const message = textIn(body, 'Message');
  const kind = kindOfServiceFailure({
    code,
    message,
    status: raw.status,
    slowDown: gatewayWaitOf(raw) !== undefined,
  });
  // Masked before it is cut, and before anybody sees it: in a log, a notice, a page or a record.
  const shown = shortened(withoutSecret(message.slice(0, longestMessage), request.secret));
  const said = quotesSecrets.has(kind) || message === '' ? '' : `: ${shown}`;
  const detail = body['AccessDeniedDetail'];
  const denied = isRecord(detail) ? textIn(detail, 'AuthAction') : '';
  return failureOf(request, raw, kind, `${code === '' ? 'no code' : code}${said}`, {
    serviceCode: code === '' ? undefined : code,
    requestId: requestIdOf(raw, body),
    ramAction: kind === 'denied' ? denied || request.ramAction : undefined,
    // Only here: any other answer may be that of something between us and the service.
    serverTimeMs: serverTimeOf(raw.header('date')),
  });
}

/** More than any service says, and any secret in it. */
const longestMessage = 100_000;

/** At most 500 characters, cut between words: half a secret in it would not be known as one, and so not be masked. */
function shortened(message: string): string {
  return message.length > 500 ? `${message.slice(0, 500).replace(/\S*$/, '')}…` : message;
}

function failureOf(
  request: ApiRequest,
  raw: RawReply,
  kind: FailureKind,
  sentence: string,
  details: {
    serviceCode?: string | undefined;
    requestId?: string;
    ramAction?: string | undefined;
    serverTimeMs?: number | undefined;
  } = {},
): AttemptError {
  const requestId = (details.requestId ?? requestIdOf(raw, {})) || undefined;
  const message = `${request.action} failed: ${sentence}, ${httpStatus(raw.status)}`;
  return new AttemptError(kind, requestId === undefined ? message : `${message}, request: ${requestId}`, {
    ...details,
    requestId,
    httpStatus: raw.status,
    action: request.action,
    retryAfterMs: fates[kind].readAttempts > 1 ? retryAfterOf(raw) : undefined,
  });
}

/** `HTTP 502 Bad Gateway`. */
export function httpStatus(status: number): string {
  return `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
}

type Body = Readonly<Record<string, unknown>>;

/** The JSON object of a reply, or the fields of an XML error, which some gateways send whatever was accepted. */
function parse(text: string): Body | 'too-many-values' | undefined {
  try {
    const value = parseReplyJson(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    return error instanceof TooManyValuesError ? 'too-many-values' : parseXmlError(text);
  }
}

const longestXmlError = 64 * 1024;

function parseXmlError(text: string): Body | undefined {
  if (text.length > longestXmlError) return undefined;
  if (!/^\s*(<\?xml[^>]*>\s*)?<Error>/.test(text)) return undefined;
  const fields: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/<(Code|Message|RequestId)>([^<]*)<\/\1>/g)) {
    if (name !== undefined && value !== undefined) fields[name] = unescapeXml(value);
  }
  return fields['Code'] === undefined ? undefined : fields;
}

function unescapeXml(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => characters[name] ?? whole);
}

/** A field under its documented name, or in lower camel case as some gateways write it. */
function textIn(body: Body, name: string): string {
  const value = body[name] ?? body[name.charAt(0).toLowerCase() + name.slice(1)];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function requestIdOf(raw: RawReply, body: Body): string {
  return textIn(body, 'RequestId') || (raw.header('x-acs-request-id') ?? '');
}

function lookOf(text: string): string {
  const start = text.trimStart();
  if (start === '') return 'is empty';
  if (start.startsWith('<')) return 'is a web page or XML, not JSON';
  return start.startsWith('{') ? 'is cut off or damaged' : 'is not a JSON object';
}

/** How long to wait, in milliseconds, as the service's gateway or anything before it asks for. */
function retryAfterOf(raw: RawReply): number | undefined {
  return gatewayWaitOf(raw) ?? standardWaitOf(raw);
}

/** `x-acs-retry-after` holds whole milliseconds (official client); anything else is as if it were not there. */
function gatewayWaitOf(raw: RawReply): number | undefined {
  const text = raw.header('x-acs-retry-after')?.trim();
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `retry-after` holds whole seconds, or a date, which is one by the clock of whoever sent it (HTTP standard). */
function standardWaitOf(raw: RawReply): number | undefined {
  const text = raw.header('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const then = serverTimeOf(text);
  const now = serverTimeOf(raw.header('date'));
  return then === undefined || now === undefined ? undefined : Math.max(0, then - now);
}
