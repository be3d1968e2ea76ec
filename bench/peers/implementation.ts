/** An implementation: one way to share sessions between threads, behind an interface as small as a contest needs. */
import type { MessagePort } from 'node:worker_threads'

/** `look` gets a session and looks at its count and one metadata key; `key` wants nothing but one metadata key. */
export const OPERATIONS = ['increment', 'get', 'look', 'key', 'set', 'create', 'delete'] as const
export type Operation = (typeof OPERATIONS)[number]

export interface Setting {
  readonly operation: Operation
  readonly sessions: number
  readonly threads: number
}

/** A session that was read: the fields that a contest checks. */
export interface ReadSession {
  readonly id: string
  readonly userId: string
  readonly username: string
  readonly accessCount: number
  readonly metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>>
}

/** Called for each id with the session that was read, or with undefined when there was none. */
export type OnSession = (session: ReadSession | undefined) => void

/** Called for each id with the value of a metadata key, or with undefined when there was none. */
export type OnValue = (value: string | undefined) => void

export type MaybeAsync = void | Promise<void>

/**
 * One thread's access to the sessions. Each call does a batch of operations. Every operation is atomic by itself, whatever other
 * threads do to the same session meanwhile; the batch is not. A client that returns a promise may have all operations of the
 * batch under way at the same time.
 */
export interface Client<Handle = string> {
  /** Returns what the other operations take for a session, if that is not its id. The contest does not measure this call. */
  handle?(id: string, index: number): Handle
  create(ids: readonly string[]): MaybeAsync
  delete?(handles: readonly Handle[]): MaybeAsync
  /** Records one access to each session: changes its access count, its version and the time of its last activity. */
  increment(handles: readonly Handle[]): MaybeAsync
  /** Reads whole sessions. */
  get(handles: readonly Handle[], onSession: OnSession): MaybeAsync
  /** Reads one metadata key of each session. Without this method, the contest gets whole sessions and takes the key from them. */
  key?(handles: readonly Handle[], key: string, onValue: OnValue): MaybeAsync
  /** Sets the metadata key of the session at each index to the value at that index, and records one access. */
  set?(handles: readonly Handle[], key: string, values: readonly string[]): MaybeAsync
  /** Finishes the deletes that `delete` left open. The contest calls this before it uses the ids again, and does not measure it. */
  settle?(): MaybeAsync
  close?(): MaybeAsync
}

/** What the threads of one contest share. */
export interface SharedSessions {
  /** Returns the `data` that `attach` gets on this thread, and the ports to transfer with it. `postMessage` must be able to send it. */
  readonly data: (thread: number) => { readonly data: unknown; readonly transfer?: readonly MessagePort[] }
  close?(): MaybeAsync
}

/**
 * The role that an implementation has in a contest.
 *
 * ours      racelab
 * peer      an alternative that a user of Node can take today
 * beside    shown, but not one of the peers: it needs a flag, is not JavaScript, or is racelab used in another way
 * ceiling   does less than the operation, and so shows how much faster racelab could become
 */
export type Role = 'ours' | 'peer' | 'beside' | 'ceiling'

export interface Implementation {
  readonly name: string
  readonly role: Role
  readonly operations: readonly Operation[]
  /** How it differs from racelab in what it guarantees or how it is used. */
  readonly note: string
  version(): string
  /** Returns why it cannot run on this machine, or undefined if it can. */
  missing?(): string | undefined
  /** Makes what the threads of a contest will share. `file` is the module of the contest's threads: it can start one more. */
  open(setting: Setting, file: string): SharedSessions | Promise<SharedSessions>
  /** Called on each thread. Returns its access to the sessions. `data` is from `SharedSessions.data` for this thread. */
  attach(data: unknown, setting: Setting): Client<unknown> | Promise<Client<unknown>>
}
