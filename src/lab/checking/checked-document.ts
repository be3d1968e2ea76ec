/** The command's JSON document on a check. */
import type { Check, LinearizabilityFailure } from '../../check/index.ts'

/** What the check of a file has found. */
export interface CheckedDocument extends Pick<Check, 'operations' | 'partitions' | 'elapsedMs'> {
  readonly schema: 1
  readonly file: string
  readonly model: string
  readonly verdict: Check['verdict'] | 'error'
  /** Which bound was reached. */
  readonly stopped?: string
  /** Why the history is not linearizable. */
  readonly failure?: LinearizabilityFailure
  /** Why the file could not be checked. */
  readonly error?: { readonly code: string; readonly message: string }
}
