/** The keys of the stepping, wherever the keyboard's focus is but where one types. */
import { useEffect } from 'preact/hooks'
import type { Walk } from './walking.ts'

interface Keys {
  readonly walk: Walk
  readonly go: (position: number) => void
  readonly move: (steps: number) => void
  readonly play: () => void
  readonly take: (actor: number) => void
}

/** Follows the keys while the component is shown. */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent): void => {
      const { target } = event
      const isTyping =
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches('input:not([type=checkbox]), select, textarea'))
      if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return
      if (act(event.key, keys)) event.preventDefault()
    }
    addEventListener('keydown', follow)
    return () => removeEventListener('keydown', follow)
  })
}

/** Does what a key stands for. Returns whether it stands for anything. */
function act(key: string, { walk: { recording }, go, move, play, take }: Keys): boolean {
  if (key === 'ArrowRight') move(1)
  else if (key === 'ArrowLeft') move(-1)
  else if (key === 'Home') go(0)
  else if (key === 'End') go(recording.steps.length)
  else if (key === 'p') play()
  else if (/^[1-9]$/.test(key)) take(Number(key) - 1)
  else return false
  return true
}
