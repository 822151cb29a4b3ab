import { Component, type ErrorInfo, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import { loadAnew } from './lazily.ts';

/** Keeps the fault of one pane in that pane, which then shows `fallback`, or a way to try again, or to load the page again. React offers error boundaries to classes only. */
export class Boundary extends Component<
  { children: ReactNode; name?: string; fallback?: ReactNode; caught?: () => void },
  { error: Error | null }
> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    // The stack names components, no contents: safe to report.
    reportError(new Error(`${this.props.name ?? 'page'}: ${error.name}${info.componentStack ?? ''}`));
    this.props.caught?.();
  }

  override componentDidUpdate(before: { name?: string }) {
    if (this.state.error && before.name !== this.props.name) this.setState({ error: null });
  }

  again = () => {
    loadAnew();
    this.setState({ error: null });
  };

  override render() {
    if (!this.state.error) return this.props.children;
    if (this.props.fallback !== undefined) return this.props.fallback;
    return (
      <div className="empty" role="alert">
        <p className="empty-title">{t.state.crashed}</p>
        <p className="k">{t.state.crashedHelp}</p>
        <div className="row">
          <button type="button" className="btn pri" onClick={this.again}>
            {t.state.retry}
          </button>
          <button type="button" className="btn" onClick={() => location.reload()}>
            {t.state.reload}
          </button>
        </div>
      </div>
    );
  }
}
