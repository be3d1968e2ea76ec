/** An implementation: one way to share sessions between threads, behind an interface as small as a contest needs. */
import type { MessagePort } from 'node:worker_threads'

export const OPERATIONS = ['increment', 'get', 'set', 'create', 'delete'] as const
export type Operation = (typeof OPERATIONS)[number]

export interface Setting {
  readonly operation: Operation
  readonly sessions: number
  readonly threads: number
}

/** A session that was read: the fields that a contest checks. */
export interface Seen {
  readonly id: string
  readonly userId: string
  readonly username: string
  readonly accessCount: number
  readonly metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>>
}

/** Called for each id with the session that was read, or with undefined when there was none. */
export type OnSession = (session: Seen | undefined) => void

export type Done = void | Promise<void>

/**
 * One thread's access to the sessions. Each call does a batch of operations. Every operation is atomic by itself, whatever other
 * threads do to the same session meanwhile; the batch is not. A client that returns a promise may have all operations of the
 * batch under way at the same time.
 */
export interface Client<Handle = string> {
  /** Returns the handle by which the other operations find a session, when that is not its id. It is not measured. */
  handle?(id: string, index: number): Handle
  create(ids: readonly string[]): Done
  delete?(handles: readonly Handle[]): Done
  /** Counts an access of each session: access count, version and last activity. */
  increment(handles: readonly Handle[]): Done
  /** Reads whole sessions. */
  get(handles: readonly Handle[], onSession: OnSession): Done
  /** Sets one metadata key of each session to its own value, and counts an access. */
  set?(handles: readonly Handle[], key: string, values: readonly string[]): Done
  /** Does the rest of the deletes, which must be done before the ids are used again. It is not measured. */
  settle?(): Done
  close?(): Done
}

/** What the threads of one contest share. */
export interface SharedSessions {
  /** Returns what a thread attaches to. It must be data that postMessage can send. */
  readonly data: (thread: number) => { readonly data: unknown; readonly transfer?: readonly MessagePort[] }
  close?(): Done
}

/**
 * The part of an implementation in a contest.
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
  /** Makes what the threads of a contest will share. `file` is the contest's thread file, to start a further thread with. */
  open(setting: Setting, file: string): SharedSessions | Promise<SharedSessions>
  /** Called on each thread. Returns its access to the sessions; `data` is what `SharedSessions.data` returned for the thread. */
  attach(data: unknown, setting: Setting): Client<unknown> | Promise<Client<unknown>>
}
