#!/usr/bin/env node
/** The command. */
import { Command } from 'commander'
import { COMMAND } from './command.ts'
import { addExplain } from './explain.ts'
import { addExplore } from './explore.ts'
import { addList } from './list.ts'
import { addReplay } from './replay.ts'
import { runProgram } from './run-program.ts'
import { addRun } from './run.ts'

const program = new Command('lab')
  .description('Makes the races of a shared-memory session manager happen on real threads, and shows which fixes hold.')
  .showHelpAfterError(`(${COMMAND} --help says what there is)`)
  // What stands after a subcommand is its own: it has options of the same names.
  .enablePositionalOptions()
  .exitOverride()

addRun(program)
addList(program)
addExplain(program)
addExplore(program)
addReplay(program)

await runProgram(program)
