/** A proof of a contract: how to make it, and its result. */
import type { Contract } from '../../../contract.ts'

/** The result of a proof. */
export type Proof =
  | { readonly kind: 'proved'; readonly states: number }
  | { readonly kind: 'refuted'; readonly message: string; readonly schedule: readonly string[] }
  | { readonly kind: 'unknown'; readonly message: string }

export interface ProofOptions {
  /** The number of threads. */
  readonly threads: number
  /** How many calls of the counted methods each thread makes. Default: as the contract says. */
  readonly calls?: number
  /** The most states to search. Default: 1,000,000. */
  readonly mostStates?: number
  /** Whether to give up. Default: never. */
  readonly isTimeUp?: () => boolean
  /** Contracts that the client's calls rely on: a condition calls a mutex. */
  readonly others?: readonly Contract[]
}
