/** Reports a data race in the form of ThreadSanitizer: the later access, then the earlier access that it races with. */
import { formatFrame } from '../run/positions.ts'
import { raceSentence } from '../model/race-words.ts'
import type { RaceSide } from '../model/race-words.ts'
import type { Recording } from '../replay/recording.ts'
import { counted, indented, widthOf, wrapped } from '../../terminal/wrapped.ts'

const ATOMIC = new Set(['load', 'store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange', 'wait'])
/** The largest number of further races to list: a torn read of a text has one for each word. */
const MOST = 8
const CONSEQUENCE =
  'JavaScript guarantees sequential consistency only to programs without data races: on real threads there may be ' +
  'outcomes that no interleaving has.'

/** Returns the report on the race with the given sentence, and a list of `others`: the sentences of other races. */
export function raceReport(
  recording: Recording,
  sentence: string,
  others: readonly string[],
  columns?: number,
): string {
  const race = recording.races.find((each) => sentenceOf(recording, each) === sentence)
  return [
    'WARNING: data race',
    ...(race === undefined ? [] : accessesOf(recording, race, columns)),
    ...otherRaces(others, columns),
    '',
    ...wrapped(CONSEQUENCE, widthOf(columns) - 2)
      .split('\n')
      .map((line) => `  ${line}`),
  ].join('\n')
}

/** Returns the sentences of all data races of a recording, without repeats. */
export function raceSentences(recording: Recording): string[] {
  return [...new Set(recording.races.map((race) => sentenceOf(recording, race)))]
}

type Race = Recording['races'][number]

function sentenceOf(recording: Recording, [earlier, later]: Race): string {
  return raceSentence(sideOf(recording, earlier), sideOf(recording, later))
}

function sideOf({ actors, steps }: Recording, position: number): RaceSide {
  const { actor, action, writes, location } = steps[position]!
  return { actor, name: actors[actor] ?? '', atomic: ATOMIC.has(action), wrote: writes, location }
}

function accessesOf(recording: Recording, [earlier, later]: Race, columns: number | undefined): string[] {
  return [...accessLines(recording, later, '', columns), '', ...accessLines(recording, earlier, 'previous ', columns)]
}

function accessLines(recording: Recording, position: number, before: string, columns: number | undefined): string[] {
  const step = recording.steps[position]!
  const { name, atomic, wrote, location } = sideOf(recording, position)
  const kind = `${atomic ? 'atomic ' : ''}${wrote ? 'write' : 'read'}`
  const title = `${before}${kind} of size ${step.size} at ${location} by ${name}, step ${position + 1}:`
  const stack = step.frames.map((frame, index) => `#${index} ${frame.name || '(anonymous)'} ${formatFrame(frame)}`)
  return [
    ...indented(`${title[0]?.toUpperCase() ?? ''}${title.slice(1)}`, 2, columns),
    ...stack.flatMap((line) => indented(line, 4, columns)),
  ]
}

function otherRaces(others: readonly string[], columns: number | undefined): string[] {
  if (others.length === 0) return []
  const left = others.length - MOST
  return [
    '',
    `  In the same schedule ${others.length === 1 ? 'there is 1 more' : `there are ${others.length} more`}:`,
    // All sentences have the same ending, so the list shows only the two accesses.
    ...others.slice(0, MOST).flatMap((each) => indented(each.replace(/ are unordered, and .*$/, ''), 4, columns)),
    ...(left > 0 ? [`    … and ${counted(left, 'other')}`] : []),
  ]
}
