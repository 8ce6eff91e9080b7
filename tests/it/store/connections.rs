//! Connections that are cut, and servers that cannot be reached.

use super::*;

/// Cuts every connection that the program has.
fn kill_connections(database: &Database) -> usize {
    let Database::MariaDb { name, .. } = database else {
        return 0;
    };
    let ids = database.texts(&format!(
        "SELECT CAST(id AS CHAR) AS t FROM information_schema.processlist WHERE db = '{name}' AND id <> CONNECTION_ID()"
    ));
    for id in ids.iter().flatten() {
        // One that ends by itself meanwhile is as good.
        let _ = database.execute(&format!("KILL {id}"));
    }
    ids.len()
}

#[rocket::async_test]
async fn a_connection_that_is_cut_is_replaced() {
    let (world, _) = mariadb().await;
    for n in 0..rounds(5, 100) {
        assert!(kill_connections(&world.database) > 0);
        // A read is made again; a write has begun nothing on a connection that it finds cut, or says that it could not.
        let vendor = world.app.db.read(nodes::vendor).await.unwrap();
        assert!(vendor.is_some());
        let name = format!("N{n}");
        while let Err(error) = add(&world, node(&name)).await {
            assert!(matches!(error, Error::Unavailable(_)), "{error}");
        }
        assert_eq!(named(&world, &name), 1);
    }
}

#[rocket::async_test]
async fn a_connection_that_is_cut_in_the_middle_undoes_the_operation() {
    let (world, _) = mariadb().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let (written, has_written) = mpsc::channel();
    let (cut, is_cut) = mpsc::channel();
    let killed = {
        let runs = runs.clone();
        operate(&world, move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            assert!(nodes::insert(tx, &node("CUT"))?);
            written.send(()).unwrap();
            is_cut.recv().unwrap();
            nodes::lock_tree(tx)?;
            Ok(Done::changed(
                (),
                Event::node(EventKind::NodeCreated, NodeId::VENDOR),
            ))
        })
    };
    let killer = async {
        tokio::task::block_in_place(|| {
            has_written.recv().unwrap();
            assert!(kill_connections(&world.database) > 0);
            cut.send(()).unwrap();
        });
    };
    // The operation has to be in the queue before its killer waits for it.
    let (outcome, ()) = futures::future::join(killed, killer).await;
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    assert_eq!((runs.load(Ordering::SeqCst), named(&world, "CUT")), (1, 0));
    add(&world, node("NEXT")).await.unwrap();
}

#[test]
fn an_address_that_refuses_is_passed_over() {
    let mut installation = Installation::new(Database::mariadb());
    let refusing = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let several = installation
        .database
        .text()
        .replacen('@', &format!("@{refusing},{refusing},"), 1);
    installation.environment.push(("ROCKET_DATABASE_URL", several));
    let root = installation.root();
    let server = installation.serve();
    let key = server.caller().keys(&root, 1, 1).remove(0);
    server.caller().device("attiva", &key, "D1").unwrap().expect(200);
    assert_eq!(server.caller().get("/pronto", None).unwrap().status, 200);
}

#[test]
fn where_no_address_answers_each_is_named() {
    let mut installation = Installation::new(Database::mariadb());
    let refusing = || {
        std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
    };
    let (one, other) = (refusing(), refusing());
    let url = format!("mysql://sigillo:sigillo@{one},{other}/sigillo");
    installation.environment.push(("ROCKET_DATABASE_URL", url));
    let output = installation.run(&["migrate"], "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains(&one.to_string()) && said.contains(&other.to_string()),
        "{said}"
    );
}
