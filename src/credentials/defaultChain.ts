import { t } from '@vscode/l10n';
import { isCancelled, toBackupError, type BackupError } from '../core/service/errors';
import { failureNotice } from '../core/interaction/failureNotice';
import { listOf, sentences } from '../core/kernel/localize';
import { plainText } from '../core/kernel/plainText';
import type { Waiting } from '../core/kernel/waiting';
import {
  SourceUnusable,
  type SourceOffer,
  type SourceOffers,
  type TimedKey,
} from '../core/profiles/keys/credentialSource';
import { isCliLeftOut } from './cliConfigPath';
import type { NamedCredentials } from './credentialFile';
import { checkCredentialsUri, credentialsUriKey, credentialsUriVariable } from './credentialsUri';
import {
  environmentKey,
  environmentKeyOfOthers,
  environmentOidc,
  ambiguousVariables,
  type FromVariables,
} from './environmentKeys';
import { isOn, type KeyDeps, type KeyReader } from './keyDeps';
import { metadataKey } from './metadataService';
import { oidcKey } from './oidcKey';
import { regionOffered } from './regionOffered';

export interface DefaultChainDeps extends KeyDeps {
  readonly home: string;
  readonly cli: Pick<NamedCredentials, 'isThere' | 'read'>;
  readonly sdkFile: Pick<NamedCredentials, 'isThere' | 'read'>;
}

/** What the files offer. It's passed in, so that a command is shown once, and allowed as it was shown. */
export interface ListedOffers {
  readonly cli: readonly SourceOffer[];
  readonly sdkFile: readonly SourceOffer[];
}

/** The sources that the official tools try by default, one after the other. */
export interface DefaultChain {
  /**
   * What would be taken now, named after where it comes from; none when nothing is set up. Says which variables are
   * ignored and why. Nothing is requested, so a key might still be rejected. Never rejects.
   */
  offers(listed: ListedOffers): Promise<SourceOffers>;
  /**
   * The key of the first source that gives one; one that fails is skipped, as in the official SDKs. Throws what
   * the only source threw that is set up; SourceUnusable with the reason of each one when several are, and with what
   * was looked at when none is; `command-not-allowed` at once, since the user has yet to decide.
   */
  read(waiting: Waiting): Promise<TimedKey>;
}

/** One of the sources. */
interface Step {
  /** In a few words: "Environment variables". */
  readonly name: string;
  /** Undefined when nothing is set up there. Throws SourceUnusable where something is, and can give no key. */
  readonly look: () => Promise<KeyReader | undefined> | KeyReader | undefined;
  /** For a source with a list of its own: which of it is taken, and how it is called then. */
  readonly inList?: (listed: ListedOffers) => {
    readonly offers: readonly SourceOffer[];
    readonly words: Words;
  };
}

type Words = (name: string) => string;

const metadataVariable = 'ALIBABA_CLOUD_ECS_METADATA';
const metadataOffVariable = 'ALIBABA_CLOUD_ECS_METADATA_DISABLED';
const regionVariables = ['ALIBABA_CLOUD_REGION_ID', 'ALIBABACLOUD_REGION_ID', 'ALICLOUD_REGION_ID'];

export function createDefaultChain(deps: DefaultChainDeps): DefaultChain {
  const { env, cli, sdkFile } = deps;

  /** In the official order. */
  const steps: readonly Step[] = [
    {
      name: t({ message: 'Environment variables', comment: ['A source of credentials.'] }),
      look: () => readerOf(environmentKey(deps), (timed) => () => Promise.resolve(timed)),
    },
    {
      name: t('OIDC token in the environment'),
      look: () => readerOf(environmentOidc(deps), (source) => (waiting) => oidcKey(source, deps, waiting)),
    },
    {
      name: t({ message: 'CLI profile', comment: ['A source of credentials.'] }),
      look: async () =>
        !isCliLeftOut(env) && (await cli.isThere()) ? (waiting) => cli.read(undefined, waiting) : undefined,
      inList: (listed) => ({
        offers: isCliLeftOut(env) ? [] : listed.cli,
        words: (name) => t('CLI profile “{0}”', name),
      }),
    },
    {
      name: t('SDK credentials file'),
      look: async () =>
        (await sdkFile.isThere()) ? (waiting) => sdkFile.read(undefined, waiting) : undefined,
      inList: (listed) => ({
        offers: listed.sdkFile,
        words: (name) => t('Section “{0}” of the SDK credentials file', name),
      }),
    },
    {
      name: t('RAM role of this ECS instance'),
      look: () => {
        const role = env[metadataVariable]?.trim() ?? '';
        // Elsewhere than on such an instance asking for it only costs time.
        if (role === '' || isOn(env[metadataOffVariable])) return undefined;
        return (waiting) => metadataKey(role, deps, waiting);
      },
    },
    {
      name: t('Credentials URI in the environment'),
      look: () => {
        const uri = env[credentialsUriVariable]?.trim() ?? '';
        if (uri === '') return undefined;
        checkCredentialsUri(uri, deps);
        return (waiting) => credentialsUriKey(uri, deps, waiting);
      },
    },
    {
      // Last, so that the official tools and we take the same key wherever they take one.
      name: t('Environment variables for the CLI and Terraform'),
      look: () => readerOf(environmentKeyOfOthers(deps), (timed) => () => Promise.resolve(timed)),
    },
  ];

  /** The value of variables. Throws SourceUnusable when some are missing, which is skipped like any failure. */
  function readerOf<T>(variables: FromVariables<T>, read: (value: T) => KeyReader): KeyReader | undefined {
    if (variables.kind === 'unset') return undefined;
    if (variables.kind === 'set') return read(variables.value);
    const { present, missing } = variables;
    throw new SourceUnusable(
      t({
        message: "{present} is ignored because {missing} isn't set. Set all of them, or none.",
        args: { present: listOf(present), missing: listOf(missing) },
        comment: ['Both are lists of one or more environment variables.'],
      }),
      'environment variables are incomplete',
    );
  }

  function offerOf(name: string, from?: SourceOffer): SourceOffer {
    const ofEnvironment = regionVariables.map((each) => regionOffered(env[each] ?? ''));
    const places = [...ofEnvironment, ...(from ? [from] : [])];
    const regionId = places.find((place) => place.regionId)?.regionId;
    const zoneId = places.find((place) => place.zoneId)?.zoneId;
    return {
      source: { kind: 'default' },
      name,
      kindInWords: t({ message: 'Default credentials', comment: ['A kind of credentials.'] }),
      current: true,
      ...(regionId !== undefined && { regionId }),
      ...(regionId === undefined && zoneId !== undefined && { zoneId }),
      ...(from?.network && { network: from.network }),
      ...(from?.otherHost !== undefined && { otherHost: from.otherHost }),
      ...(from?.command !== undefined && { command: from.command }),
    };
  }

  function nothingSetUp(): SourceUnusable {
    const sentence = t(
      'No credentials were found in: {0}. Set up one of them, or choose another source.',
      listOf(steps.map(({ name }) => name)),
    );
    return new SourceUnusable(sentences(sentence, ...notRead()), 'default chain found nothing');
  }

  /** Names variables that may be meant for us, and aren't read. */
  function notRead(): readonly string[] {
    const names = ambiguousVariables(deps);
    if (names.length === 0) return [];
    const ours = listOf(['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET']);
    return [
      t({
        message:
          'These variables are ignored because they might be for another cloud: {names}. For Alibaba Cloud, set {ours}.',
        args: { names: listOf(names), ours },
        comment: ['Both are lists of environment variables.'],
      }),
    ];
  }

  return {
    async offers(listed) {
      const problems: string[] = [];
      for (const step of steps) {
        const list = step.inList?.(listed);
        const current = list?.offers.find((offer) => offer.current && offer.blocked === undefined);
        if (list && current) {
          return { offers: [offerOf(list.words(plainText(current.name)), current)], problems };
        }
        if (list) continue;
        try {
          if (await step.look()) return { offers: [offerOf(step.name)], problems };
        } catch (error) {
          if (!(error instanceof SourceUnusable)) throw error;
          problems.push(error.sentence);
        }
      }
      return { offers: [], problems: [...problems, ...notRead()] };
    },
    async read(waiting) {
      const failures: { readonly name: string; readonly error: BackupError }[] = [];
      for (const step of steps) {
        try {
          const read = await step.look();
          if (read) return await read(waiting);
        } catch (error) {
          if (isCancelled(error)) throw error;
          const failure = toBackupError(error);
          if (failure.code === 'command-not-allowed') throw failure;
          failures.push({ name: step.name, error: failure });
        }
      }
      const [only] = failures;
      if (!only) throw nothingSetUp();
      if (failures.length === 1) throw only.error;
      const reasons = failures.map(({ name, error }) =>
        t({
          message: '{source}: {reason}',
          args: { source: name, reason: failureNotice(error).message },
          comment: ['{source} is a source of credentials, {reason} one or more sentences.'],
        }),
      );
      throw new SourceUnusable(
        sentences(t('No source returned credentials.'), ...reasons),
        'no step of the default chain gave a key',
      );
    },
  };
}
