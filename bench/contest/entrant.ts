/** An entrant: a contestant that stands ready in one contest, on its threads, with its sessions. */

/** What all threads did, and what of it was found again. */
export interface Checked {
  readonly expected: number
  readonly found: number
}

export interface Entrant {
  /** Works for so many milliseconds; operations a second, of all threads together. */
  turn(milliseconds: number): Promise<number>
  /** Once, after the last turn. */
  check(): Promise<Checked>
  close(): Promise<void>
}

/** What an entrant is asked: by message to a thread, by a line to a process. */
export type Order = { readonly turn: number } | 'check'
