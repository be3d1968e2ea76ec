/** `lab explain <bug>`: the bug's story, the failing timeline, the cause, the fixes, and a fix that does not hold. */
import type { Command } from 'commander'
import { findLesson } from '../lessons/index.ts'
import { explanation } from '../report/explanation.ts'
import { COMMAND } from './command.ts'
import { print, stdoutColours } from '../../terminal/print.ts'

/** Adds the subcommand to the program. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .argument('<bug>', `a name from "${COMMAND} list"`)
    .description(
      'Explain a bug: its story, the schedule that fails, why it fails, the fixes that hold and one that does not.',
    )
    .action((name: string) => {
      const paint = stdoutColours()
      print(explanation(findLesson(name), paint, process.stdout.columns))
    })
}
