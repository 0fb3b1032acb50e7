import { DisposableStore } from '../core/kernel/disposables';
import { Emitter } from '../core/kernel/events';
import type { OutsideCredentials } from '../core/profiles/keys/credentialSource';
import { createCliSource, type CliSourceDeps } from './cliSource';
import { createDefaultChain } from './defaultChain';
import { createSdkCredentialsFile } from './sdkCredentialsFile';

export type OutsideCredentialsDeps = CliSourceDeps;

/** The sources of keys on this computer, outside VS Code: the CLI, the credentials file of the SDKs, the default chain. */
export function createOutsideCredentials(deps: OutsideCredentialsDeps): OutsideCredentials {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const cli = owned.add(createCliSource(deps));
  const sdkFile = owned.add(createSdkCredentialsFile(deps));
  const chain = createDefaultChain({ ...deps, cli, sdkFile });
  for (const source of [cli, sdkFile]) owned.add(source.onDidChange(() => changes.fire()));

  return {
    async offers() {
      const [ofCli, ofFile] = await Promise.all([cli.offers(), sdkFile.offers()]);
      const ofChain = await chain.offers({ cli: ofCli.offers, sdkFile: ofFile.offers });
      const found = [ofChain, ofCli, ofFile];
      return {
        offers: found.flatMap(({ offers }) => offers),
        problems: found.flatMap(({ problems }) => problems),
      };
    },
    async read(source, waiting) {
      switch (source.kind) {
        case 'cli':
          return await cli.read(source.name, waiting);
        case 'sdkFile':
          return await sdkFile.read(source.section, waiting);
        case 'default':
          return await chain.read(waiting);
      }
    },
    async stampOf(source) {
      switch (source.kind) {
        case 'cli':
          return await cli.stampOf(source.name);
        case 'sdkFile':
          return await sdkFile.stampOf(source.section);
        case 'default':
          // Whichever of its sources gives the key: variables don't change.
          return `${await cli.stampOf(undefined)} ${await sdkFile.stampOf(undefined)}`;
      }
    },
    async consoleSiteOf(source) {
      // Which source the chain would take isn't known without reading a key.
      return source.kind === 'cli' ? await cli.consoleSiteOf(source.name) : undefined;
    },
    async allowCommand(source) {
      // The chain has no commands of its own: it is the current profile of the CLI that runs one.
      if (source.kind !== 'sdkFile') await cli.allowCommand(source.kind === 'cli' ? source.name : undefined);
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}
