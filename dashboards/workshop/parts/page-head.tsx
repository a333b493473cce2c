import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PageHeadProps {
  readonly title: string;
  /** Stands beside the title. */
  readonly children?: ComponentChildren;
}

/** The heading of a place on the page: it has the focus when a person comes there, and names the browser's tab. */
export function PageHead({ title, children }: PageHeadProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = `${title}, cellbench`;
  }, [title]);
  return (
    <div class="head">
      <h1 ref={head} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
