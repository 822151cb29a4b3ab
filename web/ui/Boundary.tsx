import { Component, type ErrorInfo, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';

/** Keeps the fault of one pane in that pane, which then shows `fallback`, or a way to load the page again. React offers error boundaries to classes only. */
export class Boundary extends Component<
  { children: ReactNode; name?: string; fallback?: ReactNode },
  { error: Error | null }
> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    // The stack names components, no contents: safe to report.
    reportError(new Error(`${this.props.name ?? 'page'}: ${error.name}${info.componentStack ?? ''}`));
  }

  override componentDidUpdate(before: { name?: string }) {
    if (this.state.error && before.name !== this.props.name) this.setState({ error: null });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    if (this.props.fallback !== undefined) return this.props.fallback;
    return (
      <div className="empty" role="alert">
        <p className="empty-title">{t.state.crashed}</p>
        <p className="k">{t.state.crashedHelp}</p>
        <button type="button" className="btn" onClick={() => location.reload()}>
          {t.state.reload}
        </button>
      </div>
    );
  }
}
