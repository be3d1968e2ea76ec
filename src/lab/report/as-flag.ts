import type { WriteOption } from '../../explore/report/advice.ts'

/** Writes an option as the command takes it: `--max-steps 100`. */
export const asFlag: WriteOption = (name, value) => {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return value === undefined ? flag : `${flag} ${value}`
}
