/**
 * The command's JSON document on an exploration: the result, with the file and the lines of its failures, or with what the
 * variant of a bug is declared to do.
 */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Recording } from '../../explore/replay/recording.ts'
import type { Frame } from '../../explore/run/positions.ts'
import type { Exploration, Failure } from '../../explore/search/result.ts'

/** A failure, and where it is. */
export interface PlacedFailure extends Failure {
  /** The line after which another actor takes the turn; of the last access if none does. Absent if it is not known. */
  readonly line?: { readonly file: string; readonly line: number }
}

/** An exploration, and whether its result is the declared one. */
export interface ExploredDocument extends Exploration {
  /** The scenario's file. Absent for a bug. */
  readonly file?: string
  readonly failures: readonly PlacedFailure[]
  /** What the variant of a bug is declared to be. Absent for a scenario of a file. */
  readonly declared?: 'sound' | 'broken'
  /** Whether the result is as declared: a sound variant passes, a broken one fails. */
  readonly asDeclared?: boolean
}

/** What is known of an exploration beside its result. */
export interface ExploredIn {
  /** The scenario's file; undefined for a bug. */
  readonly file?: string | undefined
  /** What the variant is declared to be; undefined if nothing is declared. */
  readonly sound?: boolean | undefined
  /** The recordings of failures, by their tokens. */
  readonly recordings?: ReadonlyMap<string, Recording>
}

/** Returns the document of an exploration. */
export function exploredDocument(result: Exploration, { file, sound, recordings }: ExploredIn = {}): ExploredDocument {
  const failures = result.failures.map((failure) => {
    const line = lineOf(recordings?.get(failure.token))
    return line === undefined ? failure : { ...failure, line }
  })
  const exploration = { ...result, failures, ...(file === undefined ? {} : { file }) }
  if (sound === undefined) return exploration
  const { verdict } = exploration
  return { ...exploration, declared: sound ? 'sound' : 'broken', asDeclared: verdict === (sound ? 'pass' : 'fail') }
}

/** Returns the line after which the first preemption happens: there the actor relies on what others may change. */
function lineOf(recording: Recording | undefined): PlacedFailure['line'] {
  const steps = recording?.steps ?? []
  const preempted = steps.findIndex(({ preempts }) => preempts)
  const [frame] = (preempted < 0 ? steps.at(-1) : steps[preempted - 1])?.frames ?? []
  if (frame === undefined) return undefined
  return { file: pathOf(frame), line: frame.line }
}

/** Returns the path of a frame's file, relative to the working directory if it is below that. */
function pathOf({ file }: Frame): string {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file
  const below = relative('', path)
  return below.startsWith('..') ? path : below
}

/** Whether all results are as declared; undefined if nothing is declared. */
export function allAsDeclared(documents: readonly ExploredDocument[]): boolean | undefined {
  const declared = documents.filter(({ asDeclared }) => asDeclared !== undefined)
  return declared.length === 0 ? undefined : declared.every(({ asDeclared }) => asDeclared)
}
