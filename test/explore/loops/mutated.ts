/**
 * Builds the explorer with a line changed, to check that the random programs find the fault.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import fc from 'fast-check'

import { differences, OPTIONS } from './compare.ts'
import type { Explore } from './compare.ts'
import { truthOf } from './oracle.ts'
import type { Program } from './program.ts'
import { scenarioOf } from './scenario.ts'

const EXPLORE = fileURLToPath(new URL('../../../src/explore/', import.meta.url))

/** A text in a file that is replaced by another. */
export interface Change {
  /** The path in src/explore, without `.ts`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface Fault extends Change {
  /** What the explorer does wrong with the fault. */
  readonly what: string
  /** Whether the fault is in a prediction. It is then planted in an explorer that does not check its predictions. */
  readonly unchecked?: boolean
}

/** What checks a prediction: a snapshot of the variables before and after a round, and a lookahead. */
const CHECKS: readonly Change[] = [
  { file: 'run/spins/round-checks', from: 'const changed = before.changeTo(after)', to: 'const changed = void 0' },
  { file: 'run/lookahead', from: 'repeats: 1000,', to: 'repeats: 0,' },
]

/** Returns the explorer with a fault. */
export function exploreWith({ unchecked = false, ...fault }: Fault): Promise<Explore> {
  return changed(unchecked ? [fault, ...CHECKS] : [fault])
}

/** Returns an explorer that does not check its predictions, so that tests can fail by the predictions alone. */
export function exploreUnchecked(): Promise<Explore> {
  return changed(CHECKS)
}

/** A prediction that refuses no loop. */
const BLIND: Change = {
  file: 'run/spins/predict',
  from: 'const obstacle = round.obstacle()',
  to: 'const obstacle = void 0',
}

/** Inspects each round, also of a loop that is known. */
const FORGETFUL: Change = {
  file: 'run/spins/known-loops',
  from: 'return this.#loops.has(stack)',
  to: 'return false',
}

/** Returns an explorer that predicts of each loop that it carries nothing, so that tests can fail by the checks alone. */
export function exploreBlind(): Promise<Explore> {
  return changed([BLIND, FORGETFUL])
}

/** Returns the same explorer, but one that inspects a loop once, and then only looks ahead. */
export function exploreBlindOnce(): Promise<Explore> {
  return changed([BLIND])
}

/**
 * Builds the explorer with changes. Throws if a file does not contain what is to be replaced exactly once: the change
 * must then be adapted.
 */
async function changed(changes: readonly Change[]): Promise<Explore> {
  const sources = new Map<string, string>()
  for (const { file, from, to } of changes) {
    const path = join(EXPLORE, `${file}.ts`)
    const source = sources.get(path) ?? readFileSync(path, 'utf8')
    if (source.split(from).length !== 2) throw new Error(`${file}.ts does not have the line "${from}" once`)
    sources.set(
      path,
      source.replace(from, () => to),
    )
  }
  const { outputFiles } = await build({
    entryPoints: [join(EXPLORE, 'index.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    plugins: [
      {
        name: 'fault',
        setup: (building) =>
          building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = sources.get(path)
            return contents === undefined ? undefined : { contents, loader: 'ts' }
          }),
      },
    ],
  })
  // The explorer takes the folder above its own for a part of it, so that must not be the folder for temporary files.
  const folder = join(mkdtempSync(join(tmpdir(), 'racelab-mutant-')), 'explore')
  mkdirSync(folder)
  const bundle = join(folder, 'explore.mjs')
  writeFileSync(bundle, outputFiles[0]?.text ?? '')
  const { explore } = (await import(pathToFileURL(bundle).href)) as { explore: Explore }
  return explore
}

/**
 * Returns the first of `most` random programs that the explorer gets wrong, and its errors; undefined if there is none.
 */
export async function firstWrong(
  explore: Explore,
  from: fc.Arbitrary<Program>,
  seed: number,
  most: number,
): Promise<{ readonly program: Program; readonly wrong: readonly string[] } | undefined> {
  // From the event loop, for the reason that shallow.ts gives.
  await new Promise((resolve) => setImmediate(resolve))
  for (const program of fc.sample(from, { numRuns: most, seed })) {
    const truth = truthOf(program, 20_000)
    if (truth === undefined) continue
    const wrong = differences(explore(scenarioOf(program), { ...OPTIONS, timeout: 2 }), truth)
    if (wrong.length > 0) return { program, wrong }
  }
  return undefined
}
