//! `/media`

use crate::support::{Server, header, problem};

#[tokio::test]
async fn a_picture_is_sent_once_and_again_only_when_it_is_another() {
    let server = Server::with(&[]).await;
    let response = server.get("/media/photo.jpg").await;
    assert_eq!(header(&response, "content-type"), "image/jpeg");
    assert_eq!(header(&response, "content-length"), "9");
    let tag = header(&response, "etag").to_owned();
    assert_eq!(response.text().await.unwrap(), "a picture");
    let again = || server.request("GET", "/media/photo.jpg").header("if-none-match", &tag).send();
    assert_eq!(again().await.unwrap().status(), 304);
    std::fs::write(server.folder.path().join("media/photo.jpg"), b"another picture").unwrap();
    assert_eq!(again().await.unwrap().text().await.unwrap(), "another picture");
}

#[tokio::test]
async fn an_extension_may_be_in_capitals() {
    let server = Server::with(&[]).await;
    std::fs::write(server.folder.path().join("media/PHOTO.JPG"), b"a photo").unwrap();
    assert_eq!(server.get("/media/PHOTO.JPG").await.status(), 200);
}

#[tokio::test]
async fn what_is_no_picture_of_the_folder_is_not_there() {
    let server = Server::with(&[]).await;
    std::fs::create_dir(server.folder.path().join("media/folder.jpg")).unwrap();
    let long = format!("{}.jpg", "x".repeat(300));
    for name in ["none.jpg", "folder.jpg", &long, "..%2fsecret.jpg", "secret.jpg"] {
        problem(server.get(&format!("/media/{name}")).await, 404).await;
    }
}
