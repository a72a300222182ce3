import { useEffect, type ReactNode } from "react";

interface PageProps {
  title: string;
  /// Where the heading is more than the title's words.
  heading?: ReactNode;
  line?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/// The head of every page, and the window's title.
export function Page({ title, heading, line, actions, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} – Hauspost`;
  }, [title]);
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <h1>{heading ?? title}</h1>
          {line !== undefined && <div className="line">{line}</div>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
      {children}
    </>
  );
}

export function Card({ title, line, actions, children, flush = false }: { title?: ReactNode; line?: ReactNode; actions?: ReactNode; children?: ReactNode; flush?: boolean }): ReactNode {
  return (
    <section className={flush ? "card flush" : "card"}>
      {(title !== undefined || actions !== undefined) && (
        <div className="card-head">
          <div className="grow">
            {title !== undefined && <h2>{title}</h2>}
            {line !== undefined && <p className="dim small">{line}</p>}
          </div>
          {actions !== undefined && <div className="row">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
