#!/usr/bin/env node
/** The command. */
import { Command } from 'commander'
import { addExplain } from './explain.ts'
import { addList } from './list.ts'
import { runProgram } from './run-program.ts'
import { addRun } from './run.ts'

const program = new Command('lab')
  .description('Makes the races of a shared-memory session manager happen on real threads, and shows which fixes hold.')
  .showHelpAfterError('(lab --help says what there is)')
  .exitOverride()

addRun(program)
addList(program)
addExplain(program)

await runProgram(program)
