import { createContext, useContext } from 'react';
import { en } from './en';
import { zh, type Texts } from './zh';

export type { Texts };
export type Language = 'zh' | 'en';
export const tables: Record<Language, Texts> = { zh, en };
export const LanguageContext = createContext<Language>('zh');
export const useText = (): Texts => tables[useContext(LanguageContext)];

// A name from a table, or the raw word where this console does not know it yet.
export const named = (table: Record<string, string>, word: string) => table[word] ?? word;
