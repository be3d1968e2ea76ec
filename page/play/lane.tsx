/** The code that one actor runs, with the line that it comes to next. */
import type { NextStep } from '../../src/explore/replay/stepping.ts'
import { laneColour } from '../../src/html/diagram/diagram.tsx'
import { changedLines, functionsOf, standingOn } from './lanes.ts'
import type { Line } from './lanes.ts'
import type { Stage } from './stages.ts'

interface LaneProps {
  readonly stage: Stage
  readonly name: string
  readonly actor: number
  readonly next: NextStep | null
}

export function Lane({ stage, name, actor, next }: LaneProps) {
  const changed = changedLines(stage.code, stage.before)
  const standing = next === null ? 'has ended' : next.isEnabled ? '' : 'sleeps'
  return (
    <section class={next === null ? 'lane ended' : 'lane'} style={laneColour(actor)} aria-label={name}>
      <h2>
        {name} <small class="faint">{standing}</small>
      </h2>
      {functionsOf(stage.code, name).map((each) => (
        <ol key={each.name} class="lines" start={each.lines[0]!.number}>
          {each.lines.map((line) => (
            <SourceLine key={line.number} line={line} next={next} isChanged={changed.has(line.number)} />
          ))}
        </ol>
      ))}
    </section>
  )
}

interface SourceLineProps {
  readonly line: Line
  readonly next: NextStep | null
  readonly isChanged: boolean
}

function SourceLine({ line: { number, text }, next, isChanged }: SourceLineProps) {
  const standing = next === null ? undefined : standingOn(number, next.frames)
  const classes = [standing ?? '', isChanged ? 'changed' : '', next?.isEnabled === false ? 'asleep' : ''].join(' ')
  return (
    <li value={number} class={classes.trim()} aria-current={standing === 'at' ? 'step' : undefined}>
      <code style={{ '--indent': text.search(/\S/) }}>{isChanged ? <ins>{text.trim()}</ins> : text.trim()}</code>
    </li>
  )
}
