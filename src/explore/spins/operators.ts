/** Operators on known values. What is not known to be a primitive may run code of its own when it is converted. */
import { computed, isPrimitive, Made, Unknown } from './values.ts'

type Primitive = never

export function unary(operator: string, value: unknown): unknown {
  if (operator === 'void') return undefined
  if (value instanceof Unknown) return new Unknown()
  if (operator === '!') return !value
  if (operator === 'typeof') return value instanceof Made ? new Unknown() : typeof value
  if (!isPrimitive(value)) return new Unknown()
  return computed(() => signed(operator, value as Primitive))
}

function signed(operator: string, value: Primitive): unknown {
  if (operator === '-') return -value
  return operator === '+' ? +value : ~value
}

/** The values of `++` and `--` before and after. */
export function counted(operator: string, value: unknown): { before: unknown; after: unknown } {
  if (!isPrimitive(value)) return { before: new Unknown(), after: new Unknown() }
  const before = computed(() => (typeof value === 'bigint' ? value : Number(value)))
  const one = typeof before === 'bigint' ? 1n : 1
  return { before, after: binary(operator === '++' ? '+' : '-', before, one) }
}

export function binary(operator: string, left: unknown, right: unknown): unknown {
  if (left instanceof Unknown || right instanceof Unknown) return new Unknown()
  if (operator === '===') return left === right
  if (operator === '!==') return left !== right
  if (operator === '==' && (isNullish(left) || isNullish(right))) return isNullish(left) && isNullish(right)
  if (operator === '!=' && (isNullish(left) || isNullish(right))) return !(isNullish(left) && isNullish(right))
  if (!isPrimitive(left) || !isPrimitive(right)) return new Unknown()
  return computed(() => arithmetic(operator, left as Primitive, right as Primitive))
}

function isNullish(value: unknown): boolean {
  return value === null || value === undefined
}

function arithmetic(operator: string, left: Primitive, right: Primitive): unknown {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    case '**':
      return left ** right
    case '&':
      return left & right
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '<<':
      return left << right
    case '>>':
      return left >> right
    case '>>>':
      return left >>> right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      // oxlint-disable-next-line eqeqeq -- it is the operator that is carried out
      return left == right
    case '!=':
      // oxlint-disable-next-line eqeqeq -- it is the operator that is carried out
      return left != right
    default:
      return new Unknown()
  }
}
