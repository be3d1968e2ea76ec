/** The editor, what was found, and the schedule that is shown. */
import { useEffect, useErrorBoundary, useRef, useState } from 'preact/hooks'
import { Memory } from '../../src/html/diagram/memory.tsx'
import { FILE } from '../engine/file.ts'
import type { Choices } from '../engine/messages.ts'
import { Chooser } from './chooser.tsx'
import { Editor } from './editor.tsx'
import { Exploring } from './exploring.ts'
import type { Explored } from './exploring.ts'
import type { Opening } from './opening.ts'
import { Options, TIME_LIMIT } from './options.tsx'
import { Running } from './running.tsx'
import { Share } from './share.tsx'
import { Stepping } from './stepping.tsx'
import { troubleIn } from './trouble.ts'
import { Verdict } from './verdict.tsx'
import type { Walk } from './walking.ts'

export function Bench({ opening }: { readonly opening: Opening }) {
  const [text, setText] = useState({ code: opening.code, example: opening.example })
  const [explored, setExplored] = useState<Explored>({ isRunning: false, scenarios: [] })
  const [choices, setChoices] = useState<Choices>({ timeout: TIME_LIMIT })
  const [scenario, setScenario] = useState(opening.scenario)
  /** The code that the result is about. */
  const [ran, setRan] = useState<string>()
  const goal = useRef(opening.goal)
  const exploring = useRef<Exploring | undefined>(undefined)
  exploring.current ??= new Exploring(setExplored)
  useEffect(() => () => exploring.current!.close(), [])
  const [broken] = useErrorBoundary(() => setExplored({ isRunning: false, scenarios: [] }))

  const explore = (named = scenario): void => {
    setRan(text.code)
    void exploring.current!.explore(text.code, named, choices, goal.current)
    goal.current = {}
  }
  const change = (code: string, example: string | undefined): void => {
    setText({ code, example })
    goal.current = {}
  }
  const { walk, result, isRunning } = explored
  const isCurrent = ran === text.code
  const trouble = isCurrent ? troubleIn(explored) : undefined
  return (
    <>
      {opening.remark === undefined ? undefined : (
        <p role="alert" class="alert">
          {opening.remark}
        </p>
      )}
      {opening.isForeign && ran === undefined ? (
        <p class="foreign" role="note">
          This code came with the address, and has not been run. Press Explore to run it: it runs in a worker of its
          own, without access to this page or to a network.
        </p>
      ) : undefined}
      <div class="bench">
        <div class="left">
          <div class="code">
            <div class="bar">
              <Chooser
                name={text.example}
                onChoose={(example) => {
                  setScenario(undefined)
                  change(example.code, example.name)
                }}
              />
              {isRunning ? (
                <button type="button" class="main" onClick={() => void exploring.current!.stop(ran ?? text.code)}>
                  Stop
                </button>
              ) : (
                <button type="button" class="main" aria-keyshortcuts="Control+Enter" onClick={() => explore()}>
                  Explore
                </button>
              )}
            </div>
            <Editor
              code={text.code}
              trouble={trouble}
              line={isCurrent && walk !== undefined ? lineOf(walk) : undefined}
              onChange={(code) => change(code, undefined)}
              onExplore={() => explore()}
            />
            <p id="editor-keys" class="faint keys">
              Ctrl+Enter explores. Escape, then Tab, leaves the editor.
            </p>
            <Options choices={choices} onChange={setChoices} />
          </div>
          {walk === undefined ? undefined : (
            <div class="held">
              <Memory recording={walk.recording} position={walk.position} />
            </div>
          )}
        </div>
        <div class="right">
          {isRunning ? <Running progress={explored.progress} /> : undefined}
          {broken === undefined ? undefined : <p role="alert">What the code did cannot be shown: {String(broken)}</p>}
          {trouble === undefined || result?.verdict === 'error' ? undefined : (
            <p role="alert" class="bad trouble">
              {trouble.line === undefined ? '' : `Line ${trouble.line}: `}
              {trouble.message}
            </p>
          )}
          {ran !== undefined && !isCurrent && !isRunning ? (
            <p class="odd">The code has changed. What is shown below is of the code before.</p>
          ) : undefined}
          <Scenarios
            explored={explored}
            onChoose={(name) => {
              setScenario(name)
              explore(name)
            }}
          />
          {result === undefined ? undefined : (
            <Verdict result={result} chosen={walk?.failure} onChoose={(failure) => exploring.current!.open(failure)} />
          )}
          {walk === undefined ? undefined : <Stepping walk={walk} walking={exploring.current.walking!} />}
          {ran === undefined ? <p class="faint">Nothing has been explored yet.</p> : undefined}
          <Share
            text={text}
            scenario={scenario}
            walk={isCurrent ? walk : undefined}
            opening={opening}
            hasRun={ran !== undefined}
          />
        </div>
      </div>
    </>
  )
}

/** Returns the line of the code that the last step came from. */
function lineOf({ recording, position }: Walk): number | undefined {
  return recording.steps[position - 1]?.frames.find(({ file }) => file === FILE)?.line
}

interface ScenariosProps {
  readonly explored: Explored
  readonly onChoose: (name: string) => void
}

/** A choice, if the code exports more than one scenario. */
function Scenarios({ explored: { scenarios, scenario }, onChoose }: ScenariosProps) {
  if (scenarios.length < 2) return null
  return (
    <label class="scenarios">
      Scenario{' '}
      <select value={scenario ?? ''} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {scenarios.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
