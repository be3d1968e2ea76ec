/** A slider over a list of values, with the present value in words beside its name. */
export interface SliderProps<Value> {
  readonly id: string
  readonly name: string
  readonly values: readonly Value[]
  readonly value: Value
  words(value: Value): string
  onChange(value: Value): void
  readonly disabled?: boolean
}

export function Slider<Value>({ id, name, values, value, words, onChange, disabled = false }: SliderProps<Value>) {
  return (
    <div class="slider">
      <label for={id}>{name}</label>
      {/* The slider itself says its value. */}
      <span class="value" aria-hidden="true">
        {words(value)}
      </span>
      <input
        id={id}
        type="range"
        min={0}
        max={values.length - 1}
        step={1}
        value={values.indexOf(value)}
        aria-valuetext={words(value)}
        disabled={disabled}
        onInput={({ currentTarget }) => onChange(values[Number(currentTarget.value)]!)}
      />
    </div>
  )
}

/** Returns 1, 2, 5, 10, 20 … up to `most`, and `others` among them in their place. */
export function roundSteps(most: number, ...others: readonly number[]): number[] {
  const decades = Array.from({ length: Math.ceil(Math.log10(most)) + 1 }, (_, power) => 10 ** power)
  const steps = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]).filter((step) => step <= most)
  return [...new Set([...steps, most, ...others])].sort((one, other) => one - other)
}
