/** A contestant: one way to share sessions between threads, behind an interface as small as a contest needs. */
import type { MessagePort } from 'node:worker_threads'

export const OPERATIONS = ['increment', 'get', 'set', 'create', 'delete'] as const
export type Operation = (typeof OPERATIONS)[number]

export interface Setting {
  readonly operation: Operation
  readonly sessions: number
  readonly threads: number
}

/** A session as a contestant hands it out: what a contest checks of it. */
export interface Seen {
  readonly id: string
  readonly userId: string
  readonly username: string
  readonly accessCount: number
  readonly metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>>
}

/** Told of each session that was read, or undefined where there was none. */
export type Look = (session: Seen | undefined) => void

export type Done = void | Promise<void>

/**
 * One thread's access. Each call is a batch, of which every operation stands for itself: done whole, or not, whatever other
 * threads do to the same session meanwhile. Those behind a promise may all be under way at once.
 */
export interface Client<Handle = string> {
  /** What the other operations know a session by, where that is not its id. Not part of what is measured. */
  handle?(id: string, index: number): Handle
  create(ids: readonly string[]): Done
  delete?(handles: readonly Handle[]): Done
  /** Counts an access: access count, version and last activity. */
  increment(handles: readonly Handle[]): Done
  /** Reads whole sessions. */
  get(handles: readonly Handle[], look: Look): Done
  /** Sets one metadata key, to a value for each session, and counts an access. */
  set?(handles: readonly Handle[], key: string, values: readonly string[]): Done
  /** What deleting has left for later, and must be done before the ids are used again. Not measured. */
  settle?(): Done
  close?(): Done
}

/** What one contest's threads share. */
export interface Place {
  /** What a thread attaches to; as the structured clone takes it. */
  readonly data: (thread: number) => { readonly data: unknown; readonly transfer?: readonly MessagePort[] }
  close?(): Done
}

/**
 * ours      racelab
 * peer      what a user of Node would take instead, today
 * beside    shown, and not counted: it needs a flag, is not JavaScript, or is ours in another way
 * ceiling   less than the operation: how much of ours is left to gain
 */
export type Role = 'ours' | 'peer' | 'beside' | 'ceiling'

export interface Contestant {
  readonly name: string
  readonly role: Role
  readonly operations: readonly Operation[]
  /** What it promises that we do not, or we that it does not. */
  readonly note: string
  version(): string
  /** Why it cannot take part here; undefined if it can. */
  missing?(): string | undefined
  /** Makes what its threads will share. `file` starts a further thread of the contest's own kind. */
  open(setting: Setting, file: string): Place | Promise<Place>
  attach(data: unknown, setting: Setting): Client<unknown> | Promise<Client<unknown>>
}
