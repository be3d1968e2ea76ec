/**
 * The explorer with one line changed, to see that the random programs find out.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
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

export interface Fault {
  /** What the explorer does wrong with it. */
  readonly what: string
  /** In src/explore, without its ending. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** Throws if `from` is not in the file exactly once: then the fault is to be planted anew. */
export async function exploreWith({ file, from, to }: Fault): Promise<Explore> {
  const path = join(EXPLORE, `${file}.ts`)
  const source = readFileSync(path, 'utf8')
  if (source.split(from).length !== 2) throw new Error(`${file}.ts does not have the line "${from}" once`)
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
          building.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
            loaded === path ? { contents: source.replace(from, () => to), loader: 'ts' } : undefined,
          ),
      },
    ],
  })
  const folder = mkdtempSync(join(tmpdir(), 'racelab-mutant-'))
  const bundle = join(folder, 'explore.mjs')
  writeFileSync(bundle, outputFiles[0]?.text ?? '')
  const { explore } = (await import(pathToFileURL(bundle).href)) as { explore: Explore }
  return explore
}

/** Returns the first of `most` random programs that is explored wrongly, and how; undefined if none is. */
export function firstWrong(
  explore: Explore,
  from: fc.Arbitrary<Program>,
  seed: number,
  most: number,
): { readonly program: Program; readonly wrong: readonly string[] } | undefined {
  for (const program of fc.sample(from, { numRuns: most, seed })) {
    const truth = truthOf(program, 20_000)
    if (truth === undefined) continue
    const wrong = differences(explore(scenarioOf(program), { ...OPTIONS, timeout: 1 }), truth)
    if (wrong.length > 0) return { program, wrong }
  }
  return undefined
}
