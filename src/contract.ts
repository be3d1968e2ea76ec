/**
 * Contracts: what a class does, in terms that can be proved. The explorer then takes each of its calls as one step, or few, in place of
 * all its accesses.
 */
import type { Model } from './check/model.ts'

/** How a call of a method can wait, as `Waits` says. */
export const WAITS = ['never', 'before', 'within'] as const

/**
 * How a call of a method waits, and so which steps it is.
 *
 * - `never`: the call does not wait, and is one step.
 * - `before`: the call is one step, which is taken only when the call would go through. Nobody notices a call that waits.
 * - `within`: the call does something before it falls asleep, or it wakes others in a step of its own. Its steps end where it does that.
 */
export type Waits = (typeof WAITS)[number]

/** A class, as a contract takes it. */
export interface ContractClass {
  readonly prototype: object
}

/**
 * A contract of a class. It says which of its methods are whole steps, and how to prove it. The proof runs a most general client: a
 * number of threads that make any calls in any order. It searches all states of the client, and shows two things, for each history of
 * calls. It is also a history of whole steps. And it is one that the model explains. In neither way do calls wait forever that would not
 * have to.
 *
 * @example
 * class SpinLock {
 *   constructor(words) {
 *     this.words = words
 *   }
 *   lock() {
 *     while (Atomics.compareExchange(this.words, 0, 0, 1) !== 0);
 *   }
 *   unlock() {
 *     Atomics.store(this.words, 0, 0)
 *   }
 * }
 * const spinLock = {
 *   of: SpinLock,
 *   name: 'SpinLock',
 *   methods: { lock: 'before', unlock: 'never' },
 *   pairs: { lock: 'takes', unlock: 'gives' },
 *   clients: () => [
 *     {
 *       memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *       operations: {
 *         lock: (words) => new SpinLock(words).lock(),
 *         unlock: (words) => new SpinLock(words).unlock(),
 *       },
 *       blocking: ['lock'],
 *       model: mutex, // from racelab/check
 *     },
 *   ],
 * }
 */
export interface Contract<Memory = any> {
  /** The class; or several, if what one of them returns has methods that belong to it, such as a guard that unlocks. */
  readonly of: ContractClass | readonly ContractClass[]
  /** Its name in reports. */
  readonly name: string
  /**
   * The methods that are covered, and how each waits. A method that runs a function of its caller, such as `holding(inside)`, must not
   * be listed.
   */
  readonly methods: { readonly [name: string]: Waits }
  /**
   * Returns the most general clients for a number of threads; the contract must hold for each of them. A proof for some threads runs
   * those for each smaller number too.
   */
  clients(threads: number): readonly ContractClient<Memory>[]
  /**
   * What a thread takes and gives back: it calls a method that takes only while it has taken nothing of the object, and one that gives
   * only after it has taken. A call that returns false has taken nothing. The clients' operations that stand for these methods have
   * their names, and return what they return. Default: a thread makes any calls.
   */
  readonly pairs?: { readonly [name: string]: 'takes' | 'gives' }
  /**
   * The methods that count something on and on, such as a number of rounds. There is no end of states then, so it is proved only for
   * `calls` calls of these methods by each thread. Default: none.
   */
  readonly counted?: readonly string[]
  /** How many calls of the counted methods each thread makes together. Default: 2. */
  readonly calls?: number
  /** The most threads that may call the methods of an object. Default: any number. */
  callers?(object: any): number
}

/**
 * A most general client of a class: what its threads call. The memory is a new one for each thread, but for its shared buffers, so an
 * operation may keep the thread's own object in it. Operations make no accesses of their own.
 */
export interface ContractClient<Memory = any> {
  memory(): Memory
  /** The operations: each makes one call of a method. Together the clients for a number of threads call all methods of the contract. */
  readonly operations: { readonly [name: string]: (memory: Memory, ...values: any[]) => unknown }
  /** The arguments of each operation, as in a scenario with operations. The proof says nothing of others. Default: none. */
  readonly arguments?: { readonly [name: string]: readonly unknown[] }
  /** What the operations do if one is called after another. A thread's `process` is the number that racelab's locks have for it. */
  readonly model: Model<any>
  /** The operations that may wait forever, if the model does not let them return. Others are called only where the model lets them. */
  readonly blocking?: readonly string[]
  /**
   * The parts of an operation that the model takes in several steps, by the operation's name: `{ wait: ['enter', 'leave'] }`. The last
   * one returns what the operation returns. Default: one step, with the operation's name.
   */
  readonly parts?: { readonly [name: string]: readonly string[] }
}
