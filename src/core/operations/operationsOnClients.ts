import type { OperationsOnClients } from '../clients/treeModel';
import type { Event } from '../kernel/events';
import { keysInOperation } from './busyMachines';
import { Leftovers } from './leftovers';
import type { Operation } from './operation';
import { unwatchedClients } from './unwatched';

/** Answers what operations know about listed clients. */
export function operationsOnClients(operations: {
  list(): readonly Operation[];
  readonly onDidChange: Event<unknown>;
}): OperationsOnClients {
  const leftovers = new Leftovers();
  return {
    factsOf: ({ scope, inventory }) => {
      const known = operations.list();
      const { clients, listedAt } = inventory.state;
      return {
        inOperation: keysInOperation(known, scope, clients),
        leftovers: leftovers.keysOf(known, scope, clients),
        unwatched: unwatchedClients(known, scope, clients, listedAt),
      };
    },
    onDidChange: operations.onDidChange,
  };
}
