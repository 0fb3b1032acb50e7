import { KeyedRows } from './keyedRows';
import type { MachineProgress, Operation, OperationCall, PlannedMachine } from './operation';
import { assembled, type Head } from './operationHead';
import { StageCounts } from './stages';

/**
 * An operation while facts change it: its head, its clients, and its calls. A change, and reading `operation` after it,
 * takes time in proportion to the clients that change, apart from one copy of each list.
 */
export class OperationState {
  #head: Head | undefined;
  #machines = new KeyedRows<MachineProgress>();
  #calls = new KeyedRows<OperationCall>();
  /** Counted when first needed, and again after the waves changed. */
  #stages: StageCounts | undefined;
  #operation: Operation | undefined;

  /** The operation as it is now: the same object until something changes. Undefined without a head. */
  get operation(): Operation | undefined {
    const head = this.#head;
    if (!head) return undefined;
    if (!this.#operation) {
      const machines = this.#machines.all();
      const calls = this.#calls.all();
      this.#stages ??= StageCounts.of(head.waves, machines, calls);
      this.#operation = assembled(head, machines, calls, this.#stages);
    }
    return this.#operation;
  }

  /** Undefined before the first record. */
  get head(): Head | undefined {
    return this.#head;
  }

  get machines(): readonly MachineProgress[] {
    return this.#machines.all();
  }

  get calls(): readonly OperationCall[] {
    return this.#calls.all();
  }

  /** A copy that can be changed on its own. */
  copy(): OperationState {
    const copy = new OperationState();
    copy.#head = this.#head;
    copy.#machines = this.#machines.copy();
    copy.#calls = this.#calls.copy();
    copy.#stages = this.#stages?.copy();
    copy.#operation = this.#operation;
    return copy;
  }

  machine(key: string): MachineProgress | undefined {
    return this.#machines.get(key);
  }

  call(id: string): OperationCall | undefined {
    return this.#calls.get(id);
  }

  setHead(head: Head): void {
    if (head.waves !== this.#head?.waves) this.#stages = undefined;
    this.#head = head;
    this.#operation = undefined;
  }

  /** Adds a client, unless it's there already. */
  addMachine(machine: PlannedMachine, outcome: MachineProgress['outcome']): void {
    if (this.#machines.get(machine.key)) return;
    const added = { machine, outcome };
    this.#machines.set(machine.key, added);
    this.#stages?.add(added);
    this.#operation = undefined;
  }

  /** Replaces what's known of a client; one that isn't there stays unknown. */
  changeMachine(key: string, change: (machine: MachineProgress) => MachineProgress): void {
    const before = this.#machines.get(key);
    if (!before) return;
    const after = change(before);
    if (after === before) return;
    this.#machines.set(key, after);
    this.#stages?.change(before, after);
    this.#operation = undefined;
  }

  /** Adds a call, or replaces it. */
  setCall(call: OperationCall): void {
    this.#calls.set(call.id, call);
    this.#stages?.send(call.machineKeys);
    this.#operation = undefined;
  }
}
