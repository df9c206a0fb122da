// A host in React that does to an article what apps do: renders it again, gives it another id, moves it, takes it
// away. A test calls these.
import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Article } from "../../www/examples/react/Article.tsx";

const root = createRoot(document.querySelector("#app"));
const heard = (globalThis.heard = []);
const hear = (detail) => heard.push(detail);

globalThis.show = (articles) =>
  flushSync(() =>
    root.render(
      <StrictMode>
        {articles.map(({ key, id, theme }) => (
          <Article key={key} id={id} title={id} theme={theme} onReady={hear} />
        ))}
      </StrictMode>,
    ),
  );
