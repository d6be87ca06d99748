import { Alert, Button, Card, Form, Input } from 'antd';
import { useState } from 'react';
import { api, type ApiError } from '../api';
import { useText } from '../text';
import type { Session } from '../types';

export function LoginPage({ onSession, onLanguage }: { onSession: (s: Session) => void; onLanguage: () => void }) {
  const text = useText();
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const submit = ({ id, password }: { id: string; password: string }) => {
    setBusy(true);
    setError(undefined);
    api.login(id.trim(), password).then(onSession, setError).finally(() => setBusy(false));
  };
  return (
    <div className="login">
      <Card className="login-card">
        <div className="login-head">
          <img src="/mark.svg" alt="" width={44} height={44} />
          <h1>{text.appName}</h1>
          <p>{text.appHint}</p>
        </div>
        <Form layout="vertical" requiredMark={false} onFinish={submit} size="large">
          <Form.Item name="id" label={text.account} rules={[{ required: true, message: text.accountNeeded }]}>
            <Input autoFocus autoComplete="username" maxLength={64} />
          </Form.Item>
          <Form.Item name="password" label={text.password} rules={[{ required: true, message: text.passwordNeeded }]}>
            <Input.Password autoComplete="current-password" maxLength={256} />
          </Form.Item>
          {error && <Alert className="login-error" type="error" showIcon message={reason(error, text)} />}
          <Button type="primary" htmlType="submit" block loading={busy}>{text.loginButton}</Button>
        </Form>
        <p className="quiet">{text.loginNote}</p>
        <Button type="link" onClick={onLanguage}>{text.otherLanguage}</Button>
      </Card>
    </div>
  );
}

function reason(error: ApiError, text: ReturnType<typeof useText>): string {
  if (error.status === 401) return text.loginWrong;
  if (error.status === 429) return text.loginTooMany;
  if (error.status === 503) return text.loginUnavailable;
  return error.status === 0 ? text.unreachable : error.message;
}
