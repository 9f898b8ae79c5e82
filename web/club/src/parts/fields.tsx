import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

type Input = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'onInput' | 'value' | 'label'>

interface Props extends Input {
  label: ComponentChildren
  value: string
  onValue: (value: string) => void
  hint?: string | undefined
  /** What is wrong with what was written; it is read out, and the field takes the focus. */
  error?: string | undefined
}

/** A text field with its label, a hint and what is wrong with it. */
export function TextField({ label, value, onValue, hint, error, ...input }: Props) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (error) field.current?.focus()
  }, [error])
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        id={id}
        ref={field}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={told || undefined}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      <div role="alert">
        {error && (
          <small id={`${id}-error`} class="wrong">
            {error}
          </small>
        )}
      </div>
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  values: readonly (readonly [Value, string])[]
  onValue: (value: Value) => void
}

/** One of several, each with its name. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, values, onValue } = props
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value as Value)}
      >
        {values.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

/** One of few, all in sight. */
export function Radios<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, values, onValue } = props
  const id = useId()
  return (
    <fieldset>
      <legend>{label}</legend>
      {values.map(([one, name]) => (
        <label key={one}>
          <input
            type="radio"
            name={id}
            value={one}
            checked={one === value}
            onChange={() => onValue(one)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  )
}

interface TickProps {
  checked: boolean
  onChecked: (checked: boolean) => void
  required?: boolean
  children: ComponentChildren
}

/** Yes or no. */
export function Tick({ checked, onChecked, required, children }: TickProps) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={checked}
        required={required}
        onChange={(event) => onChecked(event.currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  )
}
