/** What if another goes first? The actors that can take the step after this one, and what can still come of it. */
import type { Outlook } from '../../src/explore/replay/stepping.ts'
import { laneColour } from '../../src/html/diagram/diagram.tsx'
import { count } from './count.ts'
import type { Walk, Walking } from './walking.ts'

export function Forks({ walk, walking }: { readonly walk: Walk; readonly walking: Walking }) {
  const { recording, position, next, leftAt, remark, end, outlook } = walk
  const isOver = end !== null && position === recording.steps.length
  const planned = recording.steps[position]?.actor
  return (
    <div class="forks">
      {isOver ? undefined : (
        <div role="group" aria-label="Who takes the next step?" class="turns">
          {recording.actors.map((name, actor) => (
            <Turn
              key={name}
              {...{ name, actor }}
              step={next?.[actor]}
              isPlanned={planned === actor}
              onTake={() => walking.take(actor)}
            />
          ))}
        </div>
      )}
      <div class="others">
        {isOver ? undefined : (
          <>
            <button type="button" class="quiet" onClick={() => walking.finish()}>
              Run to the end
            </button>
            <button type="button" class="quiet" onClick={() => walking.lookOut()}>
              Can it still fail from here?
            </button>
          </>
        )}
        {leftAt === undefined ? undefined : (
          <button type="button" class="quiet" onClick={() => walking.back()}>
            Back to where you left the schedule
          </button>
        )}
      </div>
      <p class="said" role="status">
        {[remark, outlook === undefined ? undefined : told(outlook)].filter((text) => text !== undefined).join(' ')}
      </p>
    </div>
  )
}

interface TurnProps {
  readonly name: string
  readonly actor: number
  /** Undefined while it is not known. */
  readonly step: NonNullable<Walk['next']>[number] | undefined
  /** Whether the schedule that is shown goes on with this actor. */
  readonly isPlanned: boolean
  readonly onTake: () => void
}

function Turn({ name, actor, step, isPlanned, onTake }: TurnProps) {
  const isPossible = step?.isEnabled === true
  return (
    <button type="button" class="turn" style={laneColour(actor)} aria-disabled={!isPossible} onClick={onTake}>
      <span class="who">
        <kbd aria-hidden="true">{actor + 1}</kbd> {name}
        {isPlanned ? <small class="faint"> goes next here</small> : undefined}
      </span>
      <code title={whatNext(step)}>{whatNext(step)}</code>
    </button>
  )
}

function whatNext(step: TurnProps['step']): string {
  if (step === undefined) return '…'
  return step === null ? 'has ended' : step.what
}

function told({ holding, failing, complete }: Outlook): string {
  const rest = complete ? '' : ' These are not all.'
  if (failing === 0)
    return complete
      ? `It cannot fail from here: all ${count(holding, 'way')} to go on hold.`
      : `None of ${count(holding, 'way')} to go on fails.${rest}`
  if (holding === 0)
    return complete
      ? `It is sure to fail from here: all ${count(failing, 'way')} to go on do.`
      : `Each of ${count(failing, 'way')} to go on fails.${rest}`
  return `It can still fail: of ${count(holding + failing, 'way')} to go on, ${failing.toLocaleString('en-US')} fail.${rest}`
}
