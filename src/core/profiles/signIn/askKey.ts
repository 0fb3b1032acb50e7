import { t } from '@vscode/l10n';
import type { BackupError } from '../../service/errors';
import type { Questions } from '../../interaction/interaction';
import type { AccessKey } from '../../service/model';
import { tooLong } from './askNameAndRegion';

/** Where asking begins again, and the sentence that says why. */
export interface KeyTrouble {
  readonly at: 'id' | 'secret' | 'token';
  readonly sentence: string;
}

export interface KeyQuestion {
  readonly title: string;
  /** Steps of the flow before and after the key. */
  readonly stepsBefore: number;
  readonly stepsAfter: number;
  /** What was typed before, so that it needn't be typed again. */
  readonly typed?: AccessKey | undefined;
  readonly trouble?: KeyTrouble | undefined;
}

/**
 * Asks for an access key: its id, its secret, and a session token where there may be one. White space around a
 * pasted text is forgiven. Returns undefined when the user backed out.
 */
export async function askKey(
  questions: Questions,
  { title, stepsBefore, stepsAfter, typed, trouble }: KeyQuestion,
): Promise<AccessKey | undefined> {
  const from = trouble?.at ?? 'id';
  const promptAt = (at: KeyTrouble['at'], usual: string): string =>
    trouble?.at === at ? trouble.sentence : usual;
  const step = (number: number, accessKeyId: string) => ({
    number: stepsBefore + number,
    of: stepsBefore + keySteps(accessKeyId) + stepsAfter,
  });

  let accessKeyId = typed?.accessKeyId ?? '';
  if (from === 'id') {
    const answer = await questions.text({
      title,
      prompt: promptAt('id', t('Access key ID')),
      placeholder: t('Usually begins with LTAI'),
      value: accessKeyId,
      step: step(1, accessKeyId || 'LTAI'),
      validate: (text) => problemOfId(text.trim()),
    });
    if (answer === undefined) return undefined;
    accessKeyId = answer.trim();
  }

  let accessKeySecret = typed?.accessKeySecret ?? '';
  if (from !== 'token') {
    const answer = await questions.text({
      title,
      prompt: promptAt('secret', t("Access key secret. It's saved in VS Code secret storage.")),
      value: accessKeySecret,
      secret: true,
      step: step(2, accessKeyId),
      validate: (text) => problemOfSecret(text.trim()),
    });
    if (answer === undefined) return undefined;
    accessKeySecret = answer.trim();
  }

  const need = tokenNeed(accessKeyId);
  if (need === 'none') return { accessKeyId, accessKeySecret };
  // Only the secret was wrong: the token, or that there is none, was said already.
  if (from === 'secret' && typed) return { ...typed, accessKeySecret };
  const answer = await questions.text({
    title,
    prompt: promptAt(
      'token',
      need === 'required'
        ? t('STS token of these temporary credentials')
        : t('STS token, for temporary credentials. Leave it empty otherwise.'),
    ),
    value: typed?.securityToken ?? '',
    secret: true,
    step: step(3, accessKeyId),
    validate: (text) => problemOfToken(text.trim(), need),
  });
  if (answer === undefined) return undefined;
  const securityToken = answer.trim();
  return { accessKeyId, accessKeySecret, ...(securityToken !== '' && { securityToken }) };
}

/** Where to ask again after the service refused a key (`credentials-rejected` or `credentials-expired`). */
export function troubleOfRefusal(error: BackupError, key: AccessKey): KeyTrouble {
  const code = error.serviceCode ?? '';
  if (error.code === 'credentials-expired') {
    return {
      at: 'id',
      sentence: t('These temporary credentials have expired. Enter the access key ID of new ones.'),
    };
  }
  if (/Inactive|Disabled/i.test(code)) {
    return {
      at: 'id',
      sentence: t('This access key is disabled. Enable it in the RAM console, or enter another ID.'),
    };
  }
  if (/AccessKeyId/i.test(code)) {
    return {
      at: 'id',
      sentence: t("This access key ID doesn't exist. Check it and try again."),
    };
  }
  if (/Token/i.test(code)) {
    const sentence = t('The STS token was rejected. Enter it again.');
    return key.securityToken === undefined
      ? {
          at: 'id',
          sentence: t(
            'This access key needs an STS token. Enter the ID of a long-term access key, or one that begins with “STS.”',
          ),
        }
      : { at: 'token', sentence };
  }
  return { at: 'secret', sentence: t('The access key secret was rejected. Check it and try again.') };
}

/** How many questions a key takes: two, and one more where there may be a session token. */
export function keySteps(accessKeyId: string): number {
  return tokenNeed(accessKeyId) === 'none' ? 2 : 3;
}

/** Long-lived keys begin with LTAI and have no token, temporary ones begin with STS. and need one (documented). */
function tokenNeed(accessKeyId: string): 'none' | 'optional' | 'required' {
  if (accessKeyId.startsWith('STS.')) return 'required';
  return accessKeyId.startsWith('LTAI') ? 'none' : 'optional';
}

function problemOfId(text: string): string | undefined {
  if (text === '') return t('Enter an access key ID.');
  if (text.length > 128) return tooLong(128);
  return /^[A-Za-z0-9._-]+$/.test(text)
    ? undefined
    : t('Use only letters, digits, dots, hyphens, and underscores.');
}

function problemOfSecret(text: string): string | undefined {
  if (text === '') return t('Enter the access key secret.');
  return isPrintable(text) ? undefined : notPrintable();
}

function problemOfToken(text: string, need: 'optional' | 'required'): string | undefined {
  if (text === '')
    return need === 'required'
      ? t('Enter the STS token. An access key ID that begins with “STS.” needs one.')
      : undefined;
  return isPrintable(text) ? undefined : notPrintable();
}

/** What to say of a secret or token with spaces, which is usually a part of one, or more than one. */
function notPrintable(): string {
  return t('Remove the spaces, and check that the whole text was copied.');
}

function isPrintable(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
