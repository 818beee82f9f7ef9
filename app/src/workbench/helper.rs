//! The worker that helps with drawing, as the page knows it: started when it is first asked, shown the part of the image that
//! the person looks at, asked questions and listened to. It answers in the order of the questions, each exactly once; who asks
//! says what is done with an answer that comes too late. A worker that fails is let go, and the next question starts another.
//! It changes no document and never keeps the page waiting.

use super::editor::{Editor, image_size};
use super::images;
use super::layers::pixel_ratio;
use super::viewport::{ScreenPoint, Viewport};
use crate::browser;
use crate::tools::grip;
use domain::geometry::{Point, Rect};
use domain::pixels::helper::{Answer, Frame, Question};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

// The browser's interfaces that only this file uses.
#[wasm_bindgen]
extern "C" {
    type Worker;
    #[wasm_bindgen(constructor, catch)]
    fn new(script: &str) -> Result<Worker, JsValue>;
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post(this: &Worker, message: &JsValue, transfer: &Array) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn terminate(this: &Worker);
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    fn set_onmessage(this: &Worker, hear: Option<&Function>);
    #[wasm_bindgen(method, setter, js_name = onerror)]
    fn set_onerror(this: &Worker, hear: Option<&Function>);

    #[wasm_bindgen(catch, js_name = createImageBitmap)]
    fn create_image_bitmap(
        of: &JsValue,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        options: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// There is no picture yet.
    Early,
    /// The worker failed, or there is none.
    Failed,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The answer.
    pub answer: Answer,
    /// How long the worker thought, in milliseconds.
    pub thought_ms: f64,
    /// How long it took from the question to the answer, the look at the picture included.
    pub took_ms: f64,
}

type Then = Box<dyn FnOnce(Result<Reply, Gone>)>;

struct Running {
    worker: Worker,
    // Held for as long as the worker may call them.
    _hear: [Closure<dyn FnMut(JsValue)>; 2],
    /// What it looks at: which picture, which part.
    view: Option<(String, Frame)>,
    /// It is being shown something else: questions wait.
    looking: bool,
    waiting: Vec<(u32, String)>,
    asked: HashMap<u32, (f64, Then)>,
    next: u32,
}

thread_local! {
    // Workers and closures belong to the browser's one thread.
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// A picture, the frame for looking at it, and what of the image has to be in it.
struct Wanted {
    /// Told apart by this.
    name: String,
    picture: JsValue,
    /// Where in the picture the frame's part is: left, top, width, height.
    place: [f64; 4],
    frame: Frame,
    seen: Rect,
}

impl Wanted {
    fn of(editor: Editor) -> Option<Wanted> {
        let (view, stage) = (editor.view.get_untracked(), editor.stage.get_untracked());
        editor.item.with_untracked(|item| {
            let item = item.as_ref()?;
            let image = item.data.image()?;
            let (full, screen) = (images::full_url(item.id), images::screen_url(item.id, image));
            let (url, picture) = [full, screen].into_iter().find_map(|url| images::decoded(&url).map(|p| (url, p)))?;
            let whole = grip::whole(image_size(item));
            let seen = Rect::between(
                view.to_image(ScreenPoint { x: 0.0, y: 0.0 }),
                view.to_image(ScreenPoint { x: stage.w, y: stage.h }),
            );
            // Pixels for each of the image: of the picture at hand, and of the screen.
            let held = f64::from(picture.natural_width()) / f64::from(whole.width.max(1));
            let shown = view.scale * pixel_ratio();
            if held < 1.0 && shown > held * 1.5 {
                // What is on the stage is finer: tiles.
                return Wanted::on_stage(&url, view, Frame::inside(whole, seen, shown)?);
            }
            // Finer than the screen shows nobody can point; but what fits as it is, is taken as it is.
            let exact = Frame::of(whole, seen, held)?;
            let is_whole = exact.part == whole;
            let frame = if is_whole { exact } else { Frame::of(whole, seen, shown.min(held))? };
            let down = f64::from(picture.natural_height()) / f64::from(whole.height.max(1));
            let area = frame.area();
            let place = [area.x * held, area.y * down, area.w * held, area.h * down];
            Some(Wanted { name: url, picture: picture.into(), place, frame, seen })
        })
    }

    /// What the stage shows.
    fn on_stage(url: &str, view: Viewport, frame: Frame) -> Option<Wanted> {
        let shapes = document().get_element_by_id("stage")?;
        // Below the shapes lies the picture.
        let picture = shapes.parent_element()?.first_element_child()?;
        let tiles = shapes.get_attribute("data-tiles").unwrap_or_default();
        let name = format!("{url} {} {} {} {tiles}", view.scale, view.x, view.y);
        let (area, ratio) = (frame.area(), pixel_ratio());
        let corner = view.to_screen(Point::new(area.x, area.y));
        let scale = view.scale * ratio;
        let place = [corner.x * ratio, corner.y * ratio, area.w * scale, area.h * scale];
        Some(Wanted { name, picture: picture.into(), place, frame, seen: area })
    }

    /// The pixels of the frame.
    async fn pixels(&self) -> Option<JsValue> {
        let view = self.frame.view;
        let [x, y, w, h] = self.place.map(f64::round);
        let (w, h) = (w.max(1.0), h.max(1.0));
        let mut options = Vec::new();
        if (w, h) != (f64::from(view.width), f64::from(view.height)) {
            options.push(("resizeWidth", view.width.into()));
            options.push(("resizeHeight", view.height.into()));
            options.push(("resizeQuality", "medium".into()));
        }
        let made = create_image_bitmap(&self.picture, x, y, w, h, &object(&options));
        JsFuture::from(made.ok()?).await.ok()
    }
}

/// Starts the worker, if need be, and has it look at what the person looks at: then the first answer is quick.
pub fn prepare(editor: Editor) {
    if let Some(wanted) = Wanted::of(editor)
        && start()
    {
        look(wanted);
    }
}

/// Asks. `then` is told the answer later, or that there will be none.
pub fn ask(editor: Editor, question: Question, then: impl FnOnce(Result<Reply, Gone>) + 'static) {
    let Some(wanted) = Wanted::of(editor) else { return then(Err(Gone::Early)) };
    let Ok(words) = serde_json::to_string(&question) else { return then(Err(Gone::Failed)) };
    if !start() {
        return then(Err(Gone::Failed));
    }
    RUNNING.with_borrow_mut(|running| {
        let Some(running) = running else { return };
        running.next = running.next.wrapping_add(1);
        running.asked.insert(running.next, (now(), Box::new(then)));
        running.waiting.push((running.next, words));
    });
    look(wanted);
}

/// Shows it what is wanted, unless it sees that already, and passes on the questions that wait.
fn look(wanted: Wanted) {
    let begins = RUNNING.with_borrow_mut(|running| {
        let running = running.as_mut()?;
        let sees = running
            .view
            .as_ref()
            .is_some_and(|(name, frame)| *name == wanted.name && frame.serves(&wanted.frame, wanted.seen));
        if sees && !running.looking {
            pass_on(running);
        }
        let begins = !sees && !running.looking;
        running.looking |= begins;
        Some(begins)
    });
    if begins != Some(true) {
        return;
    }
    spawn_local(async move {
        let pixels = wanted.pixels().await;
        let ended = RUNNING.with_borrow_mut(|running| {
            let running = running.as_mut()?;
            running.looking = false;
            let pixels = pixels?;
            let words = serde_json::to_string(&wanted.frame).ok()?;
            let message = object(&[("frame", words.into()), ("picture", pixels.clone())]);
            running.worker.post(&message, &Array::of1(&pixels)).ok()?;
            running.view = Some((wanted.name, wanted.frame));
            pass_on(running);
            Some(())
        });
        if ended.is_none() {
            stop(Gone::Failed);
        }
    });
}

fn pass_on(running: &mut Running) {
    for (id, question) in std::mem::take(&mut running.waiting) {
        // Fails only for what cannot be copied, and words can.
        let _ = running.worker.post(&object(&[("id", id.into()), ("question", question.into())]), &Array::new());
    }
}

/// Has a worker, started just now or before. False where there cannot be one.
fn start() -> bool {
    if RUNNING.with_borrow(Option::is_some) {
        return true;
    }
    let Some(worker) = browser::root_attribute("data-assist").and_then(|script| Worker::new(&script).ok()) else {
        return false;
    };
    let hear = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| heard(&field(&event, "data")));
    let fail = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| {
        leptos::logging::warn!("the helper failed: {}", field(&event, "message").as_string().unwrap_or_default());
        if let Ok(event) = event.dyn_into::<web_sys::Event>() {
            event.prevent_default();
        }
        stop(Gone::Failed);
    });
    worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
    let running = Running {
        worker,
        _hear: [hear, fail],
        view: None,
        looking: false,
        waiting: Vec::new(),
        asked: HashMap::new(),
        next: 0,
    };
    RUNNING.set(Some(running));
    true
}

fn heard(data: &JsValue) {
    let id = field(data, "id").as_f64().unwrap_or_default() as u32;
    let answer = field(data, "answer").as_string().and_then(|words| serde_json::from_str(&words).ok());
    let asked = RUNNING.with_borrow_mut(|running| running.as_mut()?.asked.remove(&id));
    if let Some((at, then)) = asked {
        let reply =
            |answer| Reply { answer, thought_ms: field(data, "ms").as_f64().unwrap_or_default(), took_ms: now() - at };
        then(answer.map(reply).ok_or(Gone::Failed));
    }
}

/// Lets the worker go; whoever still waits for it is told.
fn stop(why: Gone) {
    let Some(running) = RUNNING.take() else { return };
    running.worker.terminate();
    running.worker.set_onmessage(None);
    running.worker.set_onerror(None);
    let (closures, asked) = (running._hear, running.asked);
    // This may be running inside of one of them.
    spawn_local(async move { drop(closures) });
    for (_, then) in asked.into_values() {
        then(Err(why));
    }
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Fails only for objects that are sealed.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}
