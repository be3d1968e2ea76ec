/** The text of a lesson. */
import type { Lesson } from '../lessons/lesson.ts'
import { laneColour } from '../../terminal/colours.ts'
import type { Colours } from '../../terminal/colours.ts'
import { textTable } from '../../terminal/text-table.ts'
import { widthOf, wrapped } from '../../terminal/wrapped.ts'

/**
 * Returns the lesson as text: title, story, timeline, cause, fixes, a fix that does not work, and variants. `columns` is the width in characters;
 * default 100.
 */
export function explanation(
  { title, lesson, variants, agent = 'Thread' }: Lesson,
  colours: Colours,
  columns?: number,
): string {
  const { bold } = colours
  const lane = [laneColour(colours, 0), laneColour(colours, 1)] as const
  const rows = lesson.timeline.map(([one, two, store], time) => [`t${time}`, lane[0](one), lane[1](two), store])
  const timeline = textTable(
    [
      { name: 'Time' },
      { name: lane[0](`${agent} 1`), text: true },
      { name: lane[1](`${agent} 2`), text: true },
      { name: 'Store', text: true },
    ],
    rows,
    widthOf(columns),
  )
  const list = textTable(
    [{ name: 'variant' }, { name: 'declared' }, { name: 'what it is', text: true }],
    variants.map(({ name, sound, summary }) => [name, sound ? 'sound' : 'broken', summary]),
    widthOf(columns),
  )
  return [
    bold(title),
    wrapped(lesson.story, columns),
    bold('How it goes wrong'),
    timeline,
    wrapped(
      lesson.noReturn === undefined ? lesson.outcome : `${lesson.outcome} ${noReturnSentence(lesson.noReturn)}`,
      columns,
    ),
    bold('Why'),
    wrapped(lesson.why, columns),
    bold('What holds'),
    wrapped(lesson.fixes, columns),
    bold('What does not hold'),
    wrapped(lesson.trap, columns),
    bold('Variants'),
    list,
  ].join('\n\n')
}

function noReturnSentence(row: number): string {
  return `From t${row} on, every continuation fails.`
}
