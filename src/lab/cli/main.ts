#!/usr/bin/env node
/** The command `lab`. */
import { Command } from 'commander'
import { COMMAND, version } from './command.ts'
import { addCheck } from './check.ts'
import { addExplain } from './explain.ts'
import { addExplore } from './explore.ts'
import { addInit } from './init.ts'
import { addList } from './list.ts'
import { addPage } from './page.ts'
import { addReplay } from './replay.ts'
import { addReport } from './report.ts'
import { WorkerFailedError } from '../../stress/run-load.ts'
import { runProgram } from '../../terminal/run-program.ts'
import { GaveUpError } from './explorer/endings.ts'
import { addRun } from './run.ts'
import { addStress } from './stress.ts'

const program = new Command('lab')
  .description('Makes the races of a shared-memory session manager happen on real threads, and shows which fixes hold.')
  .version(version())
  .showHelpAfterError(`(${COMMAND} --help lists the commands and options)`)
  // Options after a subcommand belong to the subcommand: some have the same names as the program's own.
  .enablePositionalOptions()
  .exitOverride()

addRun(program)
addList(program)
addExplain(program)
addExplore(program)
addReplay(program)
addCheck(program)
addInit(program)
addStress(program)
addReport(program)
addPage(program)

for (const command of program.commands)
  command.showHelpAfterError(`(${COMMAND} ${command.name()} --help lists its options)`)

await runProgram(program, [WorkerFailedError, GaveUpError])
