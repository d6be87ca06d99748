import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useCallback, useEffect, useState } from 'react';
import { api } from './api';
import { CasePage } from './pages/case';
import { CasesPage } from './pages/cases';
import { LoginPage } from './pages/login';
import { TopBar } from './parts/top_bar';
import { LanguageContext, tables, type Language } from './text';
import type { Session } from './types';
import { SignedOutContext } from './use_api';

const theme = {
  token: {
    colorPrimary: '#12457a', borderRadius: 6, fontSize: 14,
    fontFamily: 'system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  },
};

function storedLanguage(): Language {
  return window.localStorage.getItem('language') === 'en' ? 'en' : 'zh';
}

// "#/cases/ID" names the page; everything else is the list.
function useRoute(): string {
  const [hash, setHash] = useState(window.location.hash);
  useEffect(() => {
    const changed = () => setHash(window.location.hash);
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return hash;
}

export function App() {
  const [language, setLanguage] = useState<Language>(storedLanguage);
  const [session, setSession] = useState<Session | 'none' | 'asking'>('asking');
  useEffect(() => {
    api.session().then(setSession, () => setSession('none'));
  }, []);
  useEffect(() => {
    window.localStorage.setItem('language', language);
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = tables[language].appName;
  }, [language]);
  const signedOut = useCallback(() => setSession('none'), []);
  const signOut = () => void api.logout().then(signedOut, signedOut);
  const switchLanguage = () => setLanguage(language === 'zh' ? 'en' : 'zh');
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={theme} button={{ autoInsertSpace: false }}>
      <LanguageContext.Provider value={language}>
        <SignedOutContext.Provider value={signedOut}>
          {session === 'none' && <LoginPage onSession={setSession} onLanguage={switchLanguage} />}
          {typeof session === 'object' && <Signed session={session} onSignOut={signOut} onLanguage={switchLanguage} />}
        </SignedOutContext.Provider>
      </LanguageContext.Provider>
    </ConfigProvider>
  );
}

function Signed(props: { session: Session; onSignOut: () => void; onLanguage: () => void }) {
  const open = /^#\/cases\/([A-Za-z0-9._-]{1,64})$/.exec(useRoute());
  return (
    <>
      <TopBar {...props} />
      <main>{open ? <CasePage key={open[1]} id={open[1]} /> : <CasesPage />}</main>
    </>
  );
}
