/** A bug's lesson as text. */
import type { Bug } from '../bugs/bug.ts'
import type { Colours } from './colours.ts'
import { textTable } from './text-table.ts'

const WIDTH = 96

export function explanation({ title, lesson, variants }: Bug, { bold }: Colours): string {
  const rows = lesson.timeline.map((row, time) => [`t${time}`, ...row])
  const timeline = textTable([{ name: 'Time' }, { name: 'Thread 1' }, { name: 'Thread 2' }, { name: 'Store' }], rows)
  const list = textTable(
    [{ name: 'variant' }, { name: 'declared' }, { name: 'what it is' }],
    variants.map(({ name, sound, summary }) => [name, sound ? 'sound' : 'broken', summary]),
  )
  return [
    bold(title),
    wrap(lesson.story),
    bold('How it is lost'),
    timeline,
    wrap(lesson.outcome),
    bold('Why'),
    wrap(lesson.why),
    bold('What holds'),
    wrap(lesson.fixes),
    bold('What only seems to'),
    wrap(lesson.trap),
    bold('Variants'),
    list,
  ].join('\n\n')
}

function wrap(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}
