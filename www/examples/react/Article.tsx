// An article in a React 19 app. React sets attributes and takes them away; the element does the rest.
import { useEffect, useRef } from "react";
import { load, type ArticleWidgetElement, type ReadyDetail } from "article-widget";
import type {} from "article-widget/react";

const PUBLISHER = "https://news.example";

// In a browser: puts the publisher's loader into the page, once. On a server: nothing.
load({ src: PUBLISHER });

interface Props {
  id: string;
  title: string;
  theme?: "auto" | "light" | "dark";
  onReady?: (detail: ReadyDetail) => void;
}

export function Article({ id, title, theme, onReady }: Props) {
  const element = useRef<ArticleWidgetElement>(null);

  useEffect(() => {
    const article = element.current;
    const hear = ({ detail }: CustomEvent<ReadyDetail>) => onReady?.(detail);
    article?.addEventListener("article-widget:ready", hear);
    return () => article?.removeEventListener("article-widget:ready", hear);
  }, [onReady]);

  // `most-read` as an attribute: the same when it is rendered on a server. The style keeps the room free, so that
  // nothing below it jumps.
  return (
    <article-widget
      ref={element}
      src={PUBLISHER}
      article={id}
      theme={theme}
      most-read="7d"
      navigate="inline"
      style={{ display: "flow-root", minHeight: "100vh" }}
    >
      <a href={`${PUBLISHER}/a/${id}`}>{title}</a>
    </article-widget>
  );
}
