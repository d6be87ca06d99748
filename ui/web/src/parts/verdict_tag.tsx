import { Tag } from 'antd';
import { useText } from '../text';
import type { Verdict } from '../types';

export const verdictColours: Record<Verdict, string> = { INTACT: 'green', PARTIAL: 'gold', BROKEN: 'red' };

export function VerdictTag({ verdict }: { verdict?: Verdict }) {
  const text = useText();
  if (!verdict) return <Tag>{text.notChecked}</Tag>;
  return <Tag color={verdictColours[verdict]}>{verdictName(verdict, text)}</Tag>;
}

export function verdictName(verdict: Verdict, text: ReturnType<typeof useText>): string {
  return { INTACT: text.verdictIntact, PARTIAL: text.verdictPartial, BROKEN: text.verdictBroken }[verdict];
}
