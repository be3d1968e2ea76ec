/**
 * The operators of a round, on values that are known. A value that may not be a primitive may run code when it is
 * converted.
 */
import { computed, Made, Obstacle, refuseConversion, Unknown } from './values.ts'

type Primitive = never

/** Evaluates a unary operator. */
export function unary(operator: string, value: unknown): unknown {
  if (operator === 'void') return undefined
  if (value instanceof Unknown) return new Unknown()
  if (operator === '!') return !value
  if (operator === 'typeof') return value instanceof Made ? new Unknown() : typeof value
  refuseConversion(value)
  return computed(() => signed(operator, value as Primitive))
}

function signed(operator: string, value: Primitive): unknown {
  if (operator === '-') return -value
  return operator === '+' ? +value : ~value
}

/** Returns the values before and after `++` or `--`. */
export function counted(operator: string, value: unknown): { before: unknown; after: unknown } {
  refuseConversion(value)
  if (value instanceof Unknown) return { before: new Unknown(), after: new Unknown() }
  const before = computed(() => (typeof value === 'bigint' ? value : Number(value)))
  const one = typeof before === 'bigint' ? 1n : 1
  return { before, after: binary(operator === '++' ? '+' : '-', before, one) }
}

/** Evaluates a binary operator. */
export function binary(operator: string, left: unknown, right: unknown): unknown {
  const unknown = left instanceof Unknown || right instanceof Unknown
  if (operator === '===') return unknown ? new Unknown() : left === right
  if (operator === '!==') return unknown ? new Unknown() : left !== right
  const loosely = operator === '==' || operator === '!='
  if (loosely && !unknown && (isNullish(left) || isNullish(right))) {
    return (isNullish(left) && isNullish(right)) === (operator === '==')
  }
  if (operator === 'instanceof' || operator === 'in') throw new Obstacle(`uses ${operator}`)
  refuseConversion(left, right)
  if (unknown) return new Unknown()
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
