/** The keys of the game, wherever the keyboard's focus is. */
import { useEffect } from 'preact/hooks'
import type { Game } from './game.ts'
import { addressOf, stageAfter } from './stages.ts'
import type { Stage } from './stages.ts'

/** Follows the keys while the component is shown. */
export function useKeys(game: Game | undefined, stage: Stage): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea')
      if (game === undefined || isTyping || event.ctrlKey || event.altKey || event.metaKey) return
      if (act(event.key, game, stage)) event.preventDefault()
    }
    addEventListener('keydown', follow)
    return () => removeEventListener('keydown', follow)
  }, [game, stage])
}

/** Does what a key stands for. Returns whether it stands for anything. */
function act(key: string, game: Game, stage: Stage): boolean {
  if (/^[1-9]$/.test(key)) game.take(Number(key) - 1)
  else if (key === 'Backspace') game.undo()
  else if (key === 'r') game.restart()
  else if (key === 'h') game.hint()
  else if (key === 'n') location.hash = addressOf(stageAfter(stage) ?? stage)
  else return false
  return true
}
