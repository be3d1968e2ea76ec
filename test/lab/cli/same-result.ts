/** Explores a scenario with different numbers of threads, and holds the results against each other. */
import { expect } from 'vitest'
import type { ExploredDocument } from '../../../src/lab/report/explored-document.ts'
import { lab } from './lab.ts'

/** The parts of a scenario of two actors, each of which increments a counter in two steps, as often as this. */
export function increments(rounds: number): Readonly<Record<string, string>> {
  const act = `(words) => { for (let round = 0; round < ${rounds}; round++) Atomics.store(words, 0, Atomics.load(words, 0) + 1) }`
  return { actors: `{ a: ${act}, b: ${act} }`, observe: '(words) => words[0]' }
}

/** A lock that sleeps, for code of scenarios. */
export const LOCK = `
  const lock = (words) => { while (Atomics.exchange(words, 1, 2) !== 0) Atomics.wait(words, 1, 2) }
  const unlock = (words) => { Atomics.store(words, 1, 0); Atomics.notify(words, 1, 1) }`

/**
 * Expects that `lab explore` gives the same result on one thread, on two and on three; returns it. All three run at once, and have
 * time enough: the result depends on the number of threads only where time runs short.
 */
export async function expectSameResult(file: string, ...options: readonly string[]): Promise<ExploredDocument> {
  const results = await Promise.all(
    ['1', '2', '3'].map((workers) => resultOf(file, '--workers', workers, '--timeout', '200', ...options)),
  )
  const [first, ...others] = results
  for (const other of others) expect(other).toEqual(first)
  return first!.document
}

async function resultOf(
  file: string,
  ...options: readonly string[]
): Promise<{ code: number | null; stderr: string; document: ExploredDocument }> {
  const { code, stdout, stderr } = await lab('explore', file, '--json', ...options)
  const [document] = JSON.parse(stdout) as [ExploredDocument]
  return { code, stderr, document: { ...document, elapsedMs: 0 } }
}
