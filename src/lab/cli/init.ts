/** `lab init [file]`: writes a first scenario, to be changed. */
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import type { Command } from 'commander'
import { RacelabError } from '../../errors.ts'
import { print, writeOut } from '../../terminal/print.ts'
import { COMMAND } from './command.ts'

/** The extensions of files that Node loads as modules with `export`. */
const EXTENSIONS = ['.mjs', '.js', '.ts', '.mts']

/** The file cannot be loaded as a scenario. */
class ExtensionError extends RacelabError {
  readonly code = 'ERR_RACELAB_EXTENSION'
}

/** The file is there already. */
class FileExistsError extends RacelabError {
  readonly code = 'ERR_RACELAB_FILE_EXISTS'
}

const SCENARIO = `/** Two actors add 1 to a counter by a read and a write. Every order of their steps is tried. */
export default {
  name: 'a first counter',
  // Called once. Each schedule begins with what it returns: typed arrays over SharedArrayBuffers.
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  // Ordinary synchronous functions that run at the same time. Put your own code here, or import it.
  actors: {
    alice: (words) => {
      Atomics.store(words, 0, Atomics.load(words, 0) + 1)
    },
    bob: (words) => {
      Atomics.store(words, 0, Atomics.load(words, 0) + 1)
    },
  },
  // Called when all actors have ended. What it returns is the outcome of the schedule.
  observe: (words) => Atomics.load(words, 0),
  // An outcome that is not listed is a failure.
  outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] },
  names: (words) => ({ counter: [words, 0] }),
}
`

/** Adds the subcommand to the program. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('Write a first scenario, to be changed.')
    .argument('[file]', 'where to write it', 'scenario.mjs')
    .action((file: string) => {
      const extension = extname(file)
      if (!EXTENSIONS.includes(extension))
        throw new ExtensionError(
          `${file} does not end in one of ${EXTENSIONS.join(', ')}: no scenario can be loaded from it.`,
        )
      if (existsSync(file))
        throw new FileExistsError(`${file} exists already. Name another file: ${COMMAND} init <file>`)
      writeOut(file, extension.endsWith('ts') ? SCENARIO.replaceAll('(words)', '(words: Int32Array)') : SCENARIO)
      print(
        `${file} is written: a counter that loses an increment. Explore it, and mend it: ${COMMAND} explore ${file}`,
      )
    })
}
