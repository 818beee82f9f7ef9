//! Items of a test world, added without an import's upload and job.

use super::{World, told};
use crate::blob::Picture;
use crate::import::insert::NewItem;
use domain::id::{ItemId, ProjectId};
use domain::item::{ImageRef, ItemData};
use serde_json::Map;

impl World {
    /// Items with these keys and texts, all new to the project, without an import's upload and job.
    pub async fn texts(&self, project: ProjectId, records: &[(&str, &str)]) -> Vec<ItemId> {
        let records = records
            .iter()
            .map(|(key, text)| {
                NewItem::open(Some((*key).to_owned()), ItemData::Text((*text).to_owned()), Map::default())
            })
            .collect();
        self.items(project, records, Vec::new()).await
    }

    /// Items with plain pictures of these names, widths and heights, all new to the project.
    pub async fn images(&self, project: ProjectId, records: &[(&str, u32, u32)]) -> Vec<ItemId> {
        let mut items = Vec::new();
        let mut pictures = Vec::new();
        for (name, width, height) in records {
            let picture = told(self.picture(name, *width, *height).await.map_err(crate::Error::from), name);
            let data = ItemData::Image(ImageRef {
                url: String::new(),
                width: picture.width,
                height: picture.height,
                sha256: picture.sha256.clone(),
                name: (*name).to_owned(),
            });
            items.push(NewItem::open(Some((*name).to_owned()), data, Map::default()));
            pictures.push(picture);
        }
        self.items(project, items, pictures).await
    }

    /// A PNG of one colour made from its name, so that names make contents.
    async fn picture(&self, name: &str, width: u32, height: u32) -> anyhow::Result<Picture> {
        let colour = blake3::hash(name.as_bytes());
        let [r, g, b, ..] = *colour.as_bytes();
        let file = self.folder.join(format!("{}.png", uuid::Uuid::now_v7()));
        image::RgbImage::from_pixel(width, height, image::Rgb([r, g, b])).save(&file)?;
        match crate::blob::take_in(&self.engine, file, "picture.png".to_owned()).await {
            Ok(Ok(picture)) => Ok(picture),
            other => anyhow::bail!("{other:?}"),
        }
    }

    async fn items(&self, project: ProjectId, records: Vec<NewItem>, pictures: Vec<Picture>) -> Vec<ItemId> {
        let now = self.engine.now();
        let added = self
            .engine
            .db()
            .write(move |tx| {
                Box::pin(async move {
                    for picture in &pictures {
                        crate::blob::record(tx, now, picture).await?;
                    }
                    crate::import::insert::insert(tx, now, project.0, None, records).await
                })
            })
            .await;
        told(added, "items").into_iter().map(|id| id.map_or_else(|| panic!("there already"), ItemId)).collect()
    }
}
