/**
 * Programs as scenarios for the explorer. Their text is evaluated in place, or written to a file and imported.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'

import type { Scenario } from '../../../src/scenario.ts'
import type { Program } from './program.ts'
import { moduleText, scriptText } from './text.ts'

type Actors = Scenario['actors']

/** Evaluates the program's text under the name of a file that does not exist. */
export function scenarioOf(program: Program, file = 'random-program.js'): Scenario {
  return around(program, new Script(scriptText(program), { filename: file }).runInThisContext() as Actors)
}

/** Writes the program to a module of its own, imports it, and calls `use` while the file exists. */
export async function withImported<Result>(
  program: Program,
  use: (scenario: Scenario) => Result | Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'racelab-program-'))
  try {
    const file = join(folder, 'program.mjs')
    writeFileSync(file, moduleText(program))
    const { actors } = (await import(pathToFileURL(file).href)) as { actors: Actors }
    return await use(around(program, actors))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function around({ memory }: Program, actors: Actors): Scenario {
  return {
    name: 'random program with loops',
    memory: () => {
      const words = new Int32Array(new SharedArrayBuffer(memory.length * 4))
      words.set(memory)
      return words
    },
    actors,
    observe: (words, results) => [[...(words as Int32Array)], results],
  }
}
