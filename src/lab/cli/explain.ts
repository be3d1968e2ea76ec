/** `lab explain <bug>`: its story, the timeline that loses, why, the fixes, and the tempting non-fix. */
import type { Command } from 'commander'
import { findLesson } from '../lessons/index.ts'
import { colours } from '../../terminal/colours.ts'
import { explanation } from '../report/explanation.ts'
import { COMMAND } from './command.ts'
import { print } from './print.ts'

export function addExplain(program: Command): void {
  program
    .command('explain')
    .argument('<bug>', `a name from "${COMMAND} list"`)
    .description('tell a bug’s story: what loses, why, what holds, and what only seems to')
    .action((name: string) => {
      const paint = colours(process.stdout.isTTY && !process.env['NO_COLOR'])
      print(explanation(findLesson(name), paint, process.stdout.columns))
    })
}
