/** Explores a scenario with different numbers of threads, and holds the results against each other. */
import { expect } from 'vitest'
import type { ExploredDocument } from '../../../src/lab/report/explored-document.ts'
import { lab } from './lab.ts'

/** Expects that `lab explore` gives the same result on one thread, on two and on three; returns it. */
export async function expectSameResult(file: string, ...options: readonly string[]): Promise<ExploredDocument> {
  const results = await Promise.all(['1', '2', '3'].map((workers) => resultOf(file, '--workers', workers, ...options)))
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
