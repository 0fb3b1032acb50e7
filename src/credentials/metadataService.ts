import { t } from '@vscode/l10n';
import { BackupError, isCancelled } from '../core/service/errors';
import { plainText } from '../core/kernel/plainText';
import type { Waiting } from '../core/kernel/waiting';
import { SourceUnusable, type TimedKey } from '../core/profiles/keys/credentialSource';
import type { PlainReply, PlainRequest } from '../core/profiles/keys/plainHttp';
import { isOn, type KeyDeps } from './keyDeps';
import { decodeSessionAnswer } from './sessionKey';

// Link-local: a proxy has another metadata service, or none, and must not see keys.
const origin = 'http://100.100.100.200';
const rolesPath = '/latest/meta-data/ram/security-credentials/';
const tokenLifeSeconds = 21_600;
// As in the official tools: outside ECS nothing responds, and the user shouldn't have to wait.
const timeoutMs = 1000;
const offVariable = 'ALIBABA_CLOUD_ECS_METADATA_DISABLED';
const tokenOnlyVariable = 'ALIBABA_CLOUD_IMDSV1_DISABLED';

type MetadataDeps = Pick<KeyDeps, 'http' | 'env' | 'clockOffsetMs' | 'hide'>;

/**
 * The key of the RAM role of this ECS instance, from its metadata service. Without a role its name is asked for.
 * Speaks the form with a token, and the one without where the environment doesn't forbid it. Throws SourceUnusable
 * where no such service answers, it has no such role, or the environment switches it off.
 *
 * @param role name of the RAM role
 */
export async function metadataKey(
  role: string | undefined,
  deps: MetadataDeps,
  waiting: Waiting,
): Promise<TimedKey> {
  const { env } = deps;
  if (isOn(env[offVariable])) {
    const sentence = t(
      '{0} turns off the ECS metadata service. Remove the variable, or choose another profile.',
      offVariable,
    );
    throw new SourceUnusable(sentence, 'metadata service is switched off');
  }
  const read = await openMetadata(deps, waiting);
  const name = role ? role : ((await read(rolesPath)).trim().split('\n')[0] ?? '').trim();
  if (name === '') {
    throw new SourceUnusable(
      t('This ECS instance has no RAM role. Attach one in the ECS console, then try again.'),
      'metadata service names no role',
    );
  }
  const key = decodeSessionAnswer(await read(rolesPath + encodeURIComponent(name)), deps);
  if (key) return key;
  throw new SourceUnusable(
    t(
      "The ECS metadata service didn't return credentials for the RAM role “{0}”. Check the role, then try again.",
      plainText(name),
    ),
    'metadata service answered without a key',
  );
}

/** Reads of one round: they carry a token where the service gives one. */
async function openMetadata(
  deps: MetadataDeps,
  waiting: Waiting,
): Promise<(path: string) => Promise<string>> {
  const { env } = deps;
  const onlyWithToken = isOn(env[tokenOnlyVariable]);
  const token = await metadataToken(deps, waiting);
  if (token === undefined && onlyWithToken) {
    const sentence = t(
      "The ECS metadata service didn't return a token, and {0} requires one. Choose another profile.",
      tokenOnlyVariable,
    );
    throw new SourceUnusable(sentence, 'metadata service gave no token');
  }
  const get = async (path: string, headers: Readonly<Record<string, string>>): Promise<PlainReply> => {
    const reply = await answerOf(
      deps,
      { method: 'GET', url: origin + path, headers, timeoutMs, direct: true },
      waiting,
    );
    if (reply !== undefined) return reply;
    throw new SourceUnusable(
      t("The ECS metadata service isn't available. It exists only on ECS instances. Choose another profile."),
      'metadata service did not answer',
    );
  };
  return async (path) => {
    let reply = await get(path, token === undefined ? {} : { 'x-aliyun-ecs-metadata-token': token });
    if (reply.status !== 200 && token !== undefined && !onlyWithToken) reply = await get(path, {});
    if (reply.status === 200) return reply.body;
    throw new SourceUnusable(
      reply.status === 404
        ? t(
            "This ECS instance doesn't have that RAM role. Attach the role in the ECS console, then try again.",
          )
        : t('The ECS metadata service returned status {0}. Try again.', reply.status),
      `metadata service answered ${reply.status}`,
    );
  };
}

/** Undefined where the service gives none. */
async function metadataToken(deps: MetadataDeps, waiting: Waiting): Promise<string | undefined> {
  const reply = await answerOf(
    deps,
    {
      method: 'PUT',
      url: `${origin}/latest/api/token`,
      headers: { 'x-aliyun-ecs-metadata-token-ttl-seconds': String(tokenLifeSeconds) },
      timeoutMs,
      direct: true,
    },
    waiting,
  );
  const token = reply?.status === 200 ? reply.body.trim() : '';
  if (token === '') return undefined;
  deps.hide(token);
  return token;
}

/** Undefined when nothing responds. */
async function answerOf(
  { http }: MetadataDeps,
  request: PlainRequest,
  waiting: Waiting,
): Promise<PlainReply | undefined> {
  try {
    return await http.request(request, waiting);
  } catch (error) {
    if (isCancelled(error) || !(error instanceof BackupError)) throw error;
    return undefined;
  }
}
