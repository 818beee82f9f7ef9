//! What is selected, in detail: what can be done with it, the points of a skeleton, and the attributes that its label asks
//! for. All of it by keys too: `Shift+A` goes to the first field, `Esc` back to the stage.

use super::editor::Editor;
use super::region::{self, Geometry, RegionRef};
use super::stage::{face, is_on};
use crate::commands::Command;
use crate::lang::use_lang;
use crate::module::HAS_IMAGES;
use crate::text::{fill, now, t};
use crate::tools::choice::gesture::{pick, picked};
use crate::workbench::keyboard;
use domain::geometry::ShapeKind;
use domain::geometry::skeleton::Place;
use domain::schema::{Attribute, ChoiceOption, Control, Form, Kind};
use leptos::prelude::*;
use serde_json::Value;

/// The panel; nothing while nothing is selected.
#[component]
pub fn Details(
    /// The item on the stage.
    editor: Editor,
) -> AnyView {
    // Rendered anew for another region or label, not for another value.
    let subject = Memo::new(move |_| {
        let region = editor.selected.get()?;
        let label = editor.document.with(|document| {
            let found = region::find(document.value(), &region)?;
            Some(found.get("label").and_then(Value::as_str).unwrap_or_default().to_owned())
        })?;
        let kind = editor.shapes().with(|shapes| {
            shapes.iter().find(|shape| shape.region == region).map(|shape| (shape.geometry.kind(), shape.group.clone()))
        });
        Some((region, label, kind))
    });
    view! {
        {move || subject.get().filter(|_| editor.editable.get()).map(|(region, label, kind)| {
            let asked = editor.schema.with_value(|schema| {
                let labels = schema.control(&region.control).map(|control| control.labels().to_vec()).unwrap_or_default();
                labels.into_iter().find(|known| known.id == label).map(|known| known.attributes).unwrap_or_default()
            });
            if kind.is_none() && asked.is_empty() {
                return ().into_any();
            }
            let many = move || {
                let picked = editor.picked.with(|picked| picked.len());
                let n = picked + usize::from(editor.selected.with(|own| {
                    own.as_ref().is_some_and(|own| !editor.picked.with(|picked| picked.contains(own)))
                }));
                if n < 2 {
                    now(|t| t.work.selected_one).to_owned()
                } else {
                    fill(now(|t| t.work.selected_many), &[("n", &n.to_string())])
                }
            };
            let name = editor.label_name(&region.control, &label);
            let group = kind.as_ref().and_then(|(_, group)| group.clone());
            view! {
                <section class="details" aria-label=many>
                    <h2 class="side-title">
                        {many} " · " {name}
                        {group.map(|group| view! { <span class="control-required">{move || fill(now(|t| t.work.group_of), &[("name", &group)])}</span> })}
                    </h2>
                    {attributes(editor, &region, asked)}
                    {kind.map(|(kind, group)| of_shape(editor, &region, kind, group.is_some()))}
                </section>
            }
            .into_any()
        })}
    }
    .into_any()
}

/// What only a shape has.
fn of_shape(editor: Editor, region: &RegionRef, kind: ShapeKind, is_grouped: bool) -> AnyView {
    if !HAS_IMAGES {
        return ().into_any();
    }
    let joints = (kind == ShapeKind::Skeleton).then(|| joints(editor));
    view! { {joints} {commands(editor, region, kind, is_grouped)} }.into_any()
}

/// What can be done with a shape of this kind, as small buttons.
fn commands(editor: Editor, region: &RegionRef, kind: ShapeKind, is_grouped: bool) -> AnyView {
    let mut offered = vec![
        Command::Front,
        Command::Forward,
        Command::Backward,
        Command::Behind,
        Command::Lock,
        Command::Hide,
        Command::Duplicate,
        Command::Pick,
        Command::Group,
    ];
    // Room is scarce: what would do nothing is left out.
    offered.extend(is_grouped.then_some(Command::Ungroup));
    match kind {
        ShapeKind::Polygon | ShapeKind::Mask => {
            offered.extend([Command::Merge, Command::Cut, Command::Simplify, Command::FillHoles]);
        }
        ShapeKind::Polyline => offered.push(Command::Simplify),
        _ => {}
    }
    let conversions = [
        (ShapeKind::Box, Command::ToBox),
        (ShapeKind::Polygon, Command::ToPolygon),
        (ShapeKind::Mask, Command::ToMask),
    ];
    for (to, command) in conversions {
        let fits = if to == ShapeKind::Box { kind != ShapeKind::Point } else { kind.is_closed() };
        if fits && kind != to && editor.can_become(&region.control, to) {
            offered.push(command);
        }
    }
    view! {
        <div class="detail-chips" role="group">
            {offered.into_iter().map(|command| chip(editor, command)).collect_view()}
        </div>
    }
    .into_any()
}

fn chip(editor: Editor, command: Command) -> AnyView {
    let (name, hint) = face(editor, command);
    view! {
        <button
            type="button"
            class="detail-chip"
            title=hint
            aria-keyshortcuts=command.key_name().replace("Ctrl", "Control")
            aria-pressed=move || is_on(editor, command).map(|on| if on { "true" } else { "false" })
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| { keyboard::own(editor, command); }
        >
            {name}
        </button>
    }
    .into_any()
}

/// The points of the selected skeleton: a press puts one into its next state.
fn joints(editor: Editor) -> AnyView {
    let points = Memo::new(move |_| {
        editor.document.track();
        match editor.selected_geometry() {
            Some(Geometry::Skeleton(skeleton)) => skeleton.points,
            _ => Vec::new(),
        }
    });
    let rows = move || {
        points
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, joint)| {
                let (mark, words) = match joint.place {
                    Place::Present(_) => ("●", t(|t| t.work.joint_present)),
                    Place::Occluded(_) => ("○", t(|t| t.work.joint_occluded)),
                    Place::Absent => ("–", t(|t| t.work.joint_absent)),
                };
                view! {
                    <li>
                        <button
                            type="button"
                            class="joint"
                            on:mousedown=|event| event.prevent_default()
                            on:click=move |_| editor.cycle_joint(at)
                        >
                            <span aria-hidden="true">{mark}</span>
                            <span class="option-name">{joint.name}</span>
                            <span class="control-required">{words}</span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! { <ul class="joints">{rows}</ul> }.into_any()
}

fn attributes(editor: Editor, region: &RegionRef, asked: Vec<Attribute>) -> AnyView {
    let region = StoredValue::new(region.clone());
    asked.into_iter().map(|attribute| field(editor, region, attribute)).collect_view().into_any()
}

fn field(editor: Editor, region: StoredValue<RegionRef>, attribute: Attribute) -> AnyView {
    let lang = use_lang();
    let own = format!("attribute-{}", attribute.id);
    let labeled = own.clone();
    let (named, required) = (attribute.clone(), attribute.required);
    let name = StoredValue::new(attribute.id.clone());
    let value = Memo::new(move |_| {
        editor.document.with(|document| {
            region.with_value(|region| {
                let found = region::find(document.value(), region)?;
                name.with_value(|name| region::attribute(found, name).cloned())
            })
        })
    });
    let put = move |value: Option<Value>, typed: bool| {
        region.with_value(|region| name.with_value(|name| editor.set_attribute(region, name, value, typed)));
    };
    let title = view! {
        <span class="control-title">{move || named.name(lang.get()).to_owned()}</span>
        {required.then(|| view! { <span class="control-required">{t(|t| t.work.required)}</span> })}
    };
    // A number stays as it is written until the field is left.
    let typed = RwSignal::new(None::<String>);
    let words = move || value.with(|value| value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned());
    match attribute.form {
        Form::Flag => view! {
            <label class="option" for=labeled>
                <input
                    id=own
                    type="checkbox"
                    prop:checked=move || value.with(|value| *value == Some(Value::Bool(true)))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        put(if on { Some(on.into()) } else { required.then_some(Value::Bool(false)) }, false);
                    }
                />
                {title}
            </label>
        }
        .into_any(),
        Form::Text { max_chars } => view! {
            <div class="control">
                <label class="control-head" for=labeled>{title}</label>
                <textarea
                    id=own
                    class="input textarea"
                    rows="2"
                    maxlength=max_chars.map(|max| max.to_string())
                    prop:value=words
                    on:input=move |event| {
                        let typed = event_target_value(&event);
                        put((!typed.is_empty()).then(|| typed.into()), true);
                    }
                    on:blur=move |_| editor.seal()
                ></textarea>
            </div>
        }
        .into_any(),
        Form::Number { min, max } => view! {
            <div class="control detail-number">
                <label class="control-head" for=labeled>{title}</label>
                <input
                    id=own
                    class="input"
                    type="number"
                    step="any"
                    min=min.map(|min| min.to_string())
                    max=max.map(|max| max.to_string())
                    prop:value=move || {
                        let said = || value.with(|value| value.as_ref().map(Value::to_string).unwrap_or_default());
                        typed.get().unwrap_or_else(said)
                    }
                    on:input=move |event| {
                        let words = event_target_value(&event);
                        // Half a number, as in "4.", is none yet and changes nothing.
                        if words.is_empty() || number(&words).is_some() {
                            put(number(&words), true);
                        }
                        typed.set(Some(words));
                    }
                    on:blur=move |_| {
                        typed.set(None);
                        editor.seal();
                    }
                />
            </div>
        }
        .into_any(),
        Form::Choice { options, multiple } => {
            let kind = Kind::Choice { options: options.clone(), multiple };
            let control = StoredValue::new(Control { id: own.clone(), title: attribute.title, required, kind });
            let one = |option: ChoiceOption| {
                let id = format!("{own}-{}", option.id);
                let (labeled, option_id) = (id.clone(), StoredValue::new(option.id.clone()));
                let is_picked = move || {
                    option_id.with_value(|id| value.with(|value| picked(value.as_ref()).contains(&id.as_str())))
                };
                view! {
                    <label class="option detail-option" for=labeled class:option-picked=is_picked>
                        <input
                            id=id
                            type=if multiple { "checkbox" } else { "radio" }
                            name=own.clone()
                            prop:checked=is_picked
                            on:change=move |_| {
                                let before = value.get_untracked();
                                let next = control.with_value(|control| {
                                    option_id.with_value(|id| pick(control, before.as_ref(), id))
                                });
                                put(next, false);
                            }
                        />
                        <span class="option-name">{move || option.name(lang.get()).to_owned()}</span>
                    </label>
                }
            };
            let rows = options.into_iter().map(one).collect_view();
            view! {
                <fieldset class="control control-choice">
                    <legend>{title}</legend>
                    <div class="detail-options">{rows}</div>
                </fieldset>
            }
            .into_any()
        }
    }
}

/// What was typed as a number: a whole one stays whole.
fn number(typed: &str) -> Option<Value> {
    let typed = typed.trim();
    typed.parse::<i64>().map(Value::from).ok().or_else(|| typed.parse::<f64>().ok().map(Value::from))
}
