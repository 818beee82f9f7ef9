// The worker around the module: `build-site.sh` puts this behind what wasm-bindgen writes. The page sends either a view
// ({ frame, picture }: a frame as JSON and an ImageBitmap of its size) or a question ({ id, question }); answered are
// questions alone, in the order in which they came: { id, answer, ms }. Whatever fails here ends the worker for the page.
let done = wasm_bindgen({ module_or_path: self.location.href.replace(/\.js$/, "_bg.wasm") });
// A module that did not come before anybody asked is no error yet: whoever asks is told.
done.catch(() => {});

function pixels(picture) {
  const brush = new OffscreenCanvas(picture.width, picture.height).getContext("2d", { willReadFrequently: true });
  brush.drawImage(picture, 0, 0);
  const { data } = brush.getImageData(0, 0, picture.width, picture.height);
  picture.close();
  return data;
}

function work({ id, question, frame, picture }) {
  if (picture) {
    wasm_bindgen.look(frame, pixels(picture));
    return;
  }
  const begun = performance.now();
  const answer = wasm_bindgen.answer(question);
  self.postMessage({ id, answer, ms: performance.now() - begun });
}

self.onmessage = ({ data }) => {
  done = done.then(() => work(data));
  // Thrown outside of the promise it reaches the page as the worker's error.
  done.catch((error) => setTimeout(() => { throw error; }));
};
