/**
 * What is sampled: a scenario behind an interface. How memory is copied and how a sample is judged belongs to the code that
 * explores scenarios as well, so the caller brings it, and both judge alike.
 */
import type { Grade } from '../../scenario.ts'

/** One thing that is wrong with a sample. */
export interface SampleFault {
  readonly kind: SampleFaultKind
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string
  /** The key of the outcome; null if the sample has none, because an actor threw or did not end. */
  readonly outcome: string | null
  /** A key by which the fault is recognised in other samples. */
  readonly identity: string
}

/**
 * The kinds of fault in a sample. `deadlock`: every actor that did not end sleeps, and without a timeout. `hang`: an actor did
 * not end in time, and at least one of those did not sleep, or has a timeout.
 */
export type SampleFaultKind = 'outcome' | 'invariant' | 'exception' | 'deadlock' | 'hang'

/** What one sample shows. */
export interface SampleJudgement {
  /** Undefined if an actor threw. */
  readonly outcome:
    | { readonly key: string; readonly grade: Grade; readonly description: string | undefined }
    | undefined
  readonly faults: readonly SampleFault[]
}

/** Memory for one sample at a time. */
export interface Instance {
  /** What the actors get. Sending it to a thread shares its shared memory. */
  readonly memory: unknown
  /**
   * Judges the sample that has ended in this memory. `results`: what each actor returned. `thrown`: the text of what each
   * actor threw; undefined for one that returned, and in place of the array if all did.
   */
  judge(results: readonly unknown[], thrown: readonly (string | undefined)[] | undefined): SampleJudgement
  /** Whether the memory differs from what `memory()` of the scenario returned. */
  isChanged(): boolean
  /** Puts the memory back as `memory()` of the scenario returned it, for the next sample. */
  restore(): void
}

/** A scenario that can be sampled. */
export interface SampleSubject {
  readonly name: string
  /** The names of the actors. Each gets a thread of its own. */
  readonly actors: readonly string[]
  /** The size of the memory of one instance, in bytes. */
  readonly bytes: number
  /** Returns a new instance. */
  instance(): Instance
}
